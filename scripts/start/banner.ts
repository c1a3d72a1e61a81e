import { join, resolve } from 'node:path';
import { padded } from '../../terminal/screens/screen.ts';
import { simulatedFirstSecrets } from '../../terminal/users/manage-users.ts';
import { homeByDefault } from '../home.ts';

export interface Running {
  readonly home: string;
  readonly simulated: boolean;
  readonly brokerUrl: string;
  readonly busyPort: number | undefined;
  /** The pages; undefined when none is served. */
  readonly kiosk: { readonly kioskUrl: string; readonly benchUrl: string | undefined } | undefined;
  /** Undefined when it is not served. */
  readonly operatorConsole:
    | {
        readonly url: string;
        readonly busyPort: number | undefined;
        readonly code: { readonly code: string } | undefined;
      }
    | undefined;
  /** The page of the host's reviewers. */
  readonly desk: { readonly url: string; readonly firstSecrets: readonly string[] } | undefined;
  /** Where `--fresh` moved the old home. */
  readonly oldHome: string | undefined;
  /** The screen is on this text terminal. */
  readonly onTty: boolean;
}

const labelWidth = 22;
const row = (label: string, text: string): string => `  ${padded(label, labelWidth)}${text}`;

const [supervisor, administrator, cashier] = simulatedFirstSecrets.map(({ no, secret }) => `${no}/${secret}`);

/** For `pos` and `npm start`, when it is not the home that they take by themselves. */
const homeOption = (home: string): string => (home === resolve(homeByDefault()) ? '' : `--home ${home} `);

const busy = (port: number | undefined): string => (port === undefined ? '' : `  (${port} 被占用 was busy)`);

/** Its address, and what the first user begins with. */
const consoleLine = ({ url, busyPort, code }: NonNullable<Running['operatorConsole']>): string =>
  row('操作台 console', `${url}${busy(busyPort)}${code ? `  设置码 set-up code ${code.code} (24 h)` : ''}`);

/** The pages with what one begins with there; below the keypad screen, too, which covers what was printed before it. */
export const pageLines = ({ kiosk, operatorConsole, desk }: Pick<Running, 'kiosk' | 'operatorConsole' | 'desk'>) => [
  ...(kiosk ? [row('网页键盘 kiosk', kiosk.kioskUrl)] : []),
  ...(kiosk?.benchUrl === undefined ? [] : [row('测试台 test bench', kiosk.benchUrl)]),
  ...(operatorConsole ? [consoleLine(operatorConsole)] : []),
  ...(desk ? [row('主机审核台 host desk', [desk.url, ...desk.firstSecrets].join('  '))] : []),
];

/** What stands above the screen and is found there again when it has gone: a dozen lines at most, Chinese first. */
export function bannerLines(running: Running): readonly string[] {
  const { home, simulated, brokerUrl, busyPort, oldHome, onTty } = running;
  return [
    `账平 已启动 started${simulated ? '  ·  模拟模式, 不动真钱 SIMULATED, no real money' : ''}`,
    ...pageLines(running),
    row('消息服务器 broker', `${brokerUrl}${busy(busyPort)}`),
    ...(simulated ? [row('登录 log on', `${cashier} 收银员 cashier`)] : []),
    ...(simulated ? [row('', `${supervisor} 主管 supervisor  ${administrator} 管理员 admin`)] : []),
    row('签购单 slips', `${join(home, 'slips')}${oldHome === undefined ? '' : `  旧目录 old home ${oldHome}`}`),
    row('接真实设备 devices', `${join(home, 'config.json')}  {"printer": "serial:/dev/ttyUSB0"}`),
    row('命令 commands', `npm run --silent pos -- ${homeOption(home)}--help`),
    row('退出 quit', onTty ? '空闲时按 q q 或 Ctrl-C  q q or Ctrl-C when idle' : 'Ctrl-C'),
  ];
}

export const farewellLines = (home: string): readonly string[] => [
  `账平 已结束, 数据都在 ended, everything is kept in ${home}`,
  row('再次启动 start again', home === resolve(homeByDefault()) ? 'npm start' : `npm start -- --home ${home}`),
];
