import { backTo, startDesk } from './desk-go.ts';
import type { Back, Way } from './desk-places.ts';
import { go, type Moment, type Next } from './go.ts';
import { askApproval, askRefundAmount } from './refund.ts';

/** Goes where a choice or 确认 leads; `back`: where 取消 leads from there while a command runs. */
export function follow(way: Way, back: Back, moment: Moment): Next {
  if ('to' in way) return go(backTo(way.to, moment));
  if ('refund' in way) return go(askRefundAmount(way.refund, moment));
  if ('approve' in way) return go(askApproval(way.approve, moment));
  return startDesk(way.run, back, moment);
}
