/** `pos/v1/{merchant}/{terminal}/up/…` and `…/down/…` (sync.md, topics). The terminal is the client id at the broker. */

/** One terminal of one merchant. */
export interface Address {
  readonly merchant: string;
  readonly terminal: string;
}

const upNames = ['hello', 'auth', 'rows', 'ack', 'state'] as const;
const downNames = ['welcome', 'auth', 'rows', 'ack'] as const;
export type UpName = (typeof upNames)[number];
export type DownName = (typeof downNames)[number];

export type Topic = Address &
  ({ readonly direction: 'up'; readonly name: UpName } | { readonly direction: 'down'; readonly name: DownName });

export const upTopic = (of: Address, name: UpName): string => `pos/v1/${of.merchant}/${of.terminal}/up/${name}`;
export const downTopic = (of: Address, name: DownName): string => `pos/v1/${of.merchant}/${of.terminal}/down/${name}`;

export type QoS = 0 | 1;
export interface Subscription {
  readonly filter: string;
  readonly qos: QoS;
}

/**
 * Rows to the host and acknowledgements travel without the broker's own acknowledgement: it proves nothing, theirs does, and whatever is lost is sent
 * again. What nobody sends again is left to QoS 1.
 */
export const ackQos: QoS = 0;
const upQos: Readonly<Record<UpName, QoS>> = { hello: 1, auth: 1, state: 1, rows: 0, ack: ackQos };

/** What a terminal subscribes to, and what a host does. */
export const allDown = (of: Address): Subscription[] => [
  { filter: `pos/v1/${of.merchant}/${of.terminal}/down/#`, qos: 1 },
];
export const allUp: readonly Subscription[] = upNames.map((name) => ({
  filter: `pos/v1/+/+/up/${name}`,
  qos: upQos[name],
}));

const pattern = /^pos\/v1\/([A-Za-z0-9_-]{1,40})\/([A-Za-z0-9_-]{1,40})\/(up|down)\/([a-z]{1,16})$/;

/** The parts of a topic; null when it is none of ours. */
export function parseTopic(topic: string): Topic | null {
  const [, merchant, terminal, direction, word] = pattern.exec(topic) ?? [];
  if (merchant === undefined || terminal === undefined) return null;
  if (direction === 'up') {
    const name = upNames.find((n) => n === word);
    return name ? { merchant, terminal, direction, name } : null;
  }
  const name = downNames.find((n) => n === word);
  return name ? { merchant, terminal, direction: 'down', name } : null;
}
