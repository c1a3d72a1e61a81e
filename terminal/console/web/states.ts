import type { DeviceView } from '../../flows/attached-devices.ts';
import type { ConsoleUserView } from '../../flows/console-user-desk.ts';
import type { ExportView } from '../../flows/export-desk.ts';
import type { NoticeView } from '../../flows/notice-desk.ts';
import type { DifferenceView, RunView } from '../../flows/reconciliation-desk.ts';
import type { AccountView, ApplicationView, SettlementDetail, TicketView } from '../../flows/settlement-desk.ts';
import type { PaymentState } from '../../payments/payment.ts';
import type { RefundState } from '../../payments/refund.ts';
import type { BatchState } from '../../settlement/batch.ts';

/** Every state that a page can show. */
export type State =
  | PaymentState
  | RefundState
  | BatchState
  | SettlementDetail['state']
  | AccountView['state']
  | ApplicationView['state']
  | TicketView['state']
  | RunView['state']
  | DifferenceView['state']
  | ExportView['state']
  | NoticeView['sent'][number]['state']
  | DeviceView['state']
  | ConsoleUserView['state'];

/** Where one word means another thing than elsewhere. */
export type Machine = 'batch' | 'ticket' | 'run' | 'application' | 'export' | 'notice';

/** How a state looks: the colour says how it stands, the mark says the same without colour. */
export type Look = 'waiting' | 'good' | 'bad' | 'careful' | 'over';

export const looks: Readonly<Record<State, Look>> = {
  // transactions
  CREATED: 'waiting',
  AUTHORIZING: 'waiting',
  UNKNOWN: 'careful',
  STORED: 'waiting',
  PAID: 'good',
  VOIDING: 'waiting',
  VOIDED: 'over',
  CLEARED: 'good',
  PARTLY_REFUNDED: 'careful',
  REFUNDED: 'over',
  HELD: 'waiting',
  COMPLETED: 'good',
  DONE: 'good',
  FAILED: 'bad',
  REVERSING: 'careful',
  REVERSED: 'over',
  NEEDS_HUMAN: 'bad',
  // batches
  OPEN: 'waiting',
  FROZEN: 'waiting',
  COMPARING: 'waiting',
  UPLOADING: 'waiting',
  ENDING: 'waiting',
  CLEAR_DUE: 'waiting',
  CLOSED: 'over',
  // settlements and refunds
  REQUESTED: 'waiting',
  PROCESSING: 'waiting',
  SUCCESS: 'good',
  RETURNED: 'bad',
  CANCELLED: 'over',
  // accounts and applications
  VERIFYING: 'waiting',
  ACTIVE: 'good',
  REJECTED: 'bad',
  SUPERSEDED: 'over',
  ERRORED: 'bad',
  SENT: 'waiting',
  ACCEPTED: 'waiting',
  REFUSED: 'bad',
  ANSWERED: 'good',
  // reconciliation
  MATCHING: 'waiting',
  BALANCED: 'good',
  DIFFERENCES: 'bad',
  RESOLVED: 'over',
  BLOCKED: 'bad',
  FOUND: 'bad',
  INVESTIGATING: 'careful',
  ADJUSTED: 'over',
  EXPLAINED: 'over',
  // exports and notices
  QUEUED: 'waiting',
  RUNNING: 'waiting',
  READY: 'good',
  EXPIRED: 'over',
  DEAD: 'bad',
  // users and devices
  REMOVED: 'over',
  stopped: 'over',
  absent: 'bad',
  connecting: 'waiting',
  ready: 'good',
  fault: 'bad',
};

/** Where the same word of one machine is better or worse news. */
export const ownLooks: Readonly<Record<string, Look>> = { 'notice.SENT': 'good', 'notice.FAILED': 'careful' };

export const isState = (state: string): state is State => Object.hasOwn(looks, state);
