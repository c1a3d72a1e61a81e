import { join } from 'node:path';
import type { Config } from '../terminal/config.ts';

export interface HostStart {
  /** Of the terminal: both keep their files in it. */
  readonly home: string;
  readonly config: Pick<Config, 'merchant' | 'merchantName' | 'terminal'>;
  /** A broker of one's own, or a port for the embedded one (0: any). */
  readonly broker: { readonly url: string } | { readonly port: number };
  /** Of the link, in milliseconds; a storm makes them short. */
  readonly timings?: Readonly<Record<string, number>>;
  /** Of the merchant, for the first start. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  /** More of what the merchant begins with (sync/host/config.ts). */
  readonly merchant?: Readonly<Record<string, unknown>>;
  /** The reviewers' page (port 0: any), and who may log in there; `secretHash` by sync/host/desk/secret.ts. */
  readonly desk?: {
    readonly port: number;
    readonly reviewers: readonly { readonly login: string; readonly name: string; readonly secretHash: string }[];
  };
}

/** Who settles by hand has nothing settled behind its back, as whoever tests something else wants it. */
export const manualMode = { mode: { mode: 'MANUAL', cycle: { every: 'DAILY' } } } as const;

/** What the reference host is told of the one terminal on this machine: `host.json` (sync/host/config.ts). */
export const hostConfig = ({
  home,
  config,
  broker,
  timings = {},
  parameters = {},
  merchant = {},
  desk,
}: HostStart) => ({
  home,
  control: join(home, 'host.sock'),
  ...('url' in broker ? { brokerUrl: broker.url } : { broker }),
  merchant: {
    number: config.merchant,
    name: config.merchantName,
    account: { name: config.merchantName, number: '6222021234567890128', bank: '中国工商银行北京分行' },
    profile: { contact: '演示联系人', mobile: '13800138000' },
    parameters,
    ...merchant,
  },
  terminals: [{ terminal: config.terminal, publicKeyFile: join(home, 'keys', 'terminal.pub') }],
  ...(desk && { desk: { port: desk.port }, reviewers: desk.reviewers }),
  timings,
  stopWithStdin: true,
});
