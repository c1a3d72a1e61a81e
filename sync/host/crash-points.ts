/**
 * The places at which a storm may kill the host, each with what is true there. `at(point)` does nothing unless the process was started
 * with POS_CRASH=point:nth; then the nth passage kills the own process with SIGKILL.
 */
export const hostCrashPoints = {
  'host.before-commit':
    'rows from a terminal are applied, the transaction is still open: all of it is lost, the terminal resends',
  'host.after-commit': 'rows are committed, nothing is acknowledged: the terminal resends, the inbox knows them',
  'host.before-ack': 'the acknowledgement is built and not sent: as above',
  'host.approve-before-commit': 'a sale is decided, nothing is committed: the host has not seen it, a reversal gets 25',
  'host.approve-after-commit': 'a sale is committed, its answer is not sent: a reversal gets 00',
  'host.transact-before-commit':
    'a void, pre-authorisation or completion is decided, nothing is committed: a reversal gets 25',
  'host.transact-after-commit': 'the same is committed, its answer is not sent: a reversal gets 00',
  'host.code-before-commit': 'an order of a code is opened, looked at or closed, nothing is committed: asked again',
  'host.code-after-commit': 'the same is committed, its answer is not sent: a query finds it',
  'host.reverse-before-commit': 'a reversal is decided, nothing is committed: the terminal asks again',
  'host.reverse-after-commit': 'a reversal is committed, its answer is not sent: asked again, answered the same',
  'host.sign-in-after-commit': 'a batch is open, the sign-in is not answered: the next one gets the same batch',
  'host.verdict-before-commit':
    'totals are compared, the verdict is not committed: the row comes again and is compared once',
  'host.close-before-commit': 'the batch is closed and cleared, not committed: the row comes again',
  'host.refund-before-commit': 'a refund is accepted or refused, not committed: the row comes again',
  'host.refund-after-accept':
    'a refund is accepted and committed, its outcome is not decided: decided after the restart',
  'host.refund-before-decide': 'the outcome of a refund is written, not committed: decided again after the restart',
  'host.refund-after-decide': 'the outcome is committed and not sent: the stream sends it after the restart',
  'host.forward-before-commit': 'a stored sale or an advice is decided, not committed: the row comes again',
  'host.settle-before-commit': 'a settlement is accepted, not committed: the row comes again',
  'host.settle-after-accept':
    'a settlement is accepted and committed, its outcome is not decided: decided after the restart',
  'host.settle-before-decide': 'the outcome is written, not committed: decided again after the restart',
  'host.settle-after-decide': 'the outcome is committed and not sent: the stream sends it after the restart',
  'host.apply-before-commit': 'an application is ruled on, not committed: the row comes again and is ruled on once',
  'host.account-after-accept':
    'an account is looked at and that is committed, it is not decided: decided after the restart',
  'host.account-before-decide': 'the decision on an account is written, not committed: decided again after the restart',
  'host.account-after-decide': 'the decision is committed and not sent: the stream sends it after the restart',
  'host.clear-due': 'a batch is to be cleared, nothing of it is written: cleared after the restart',
  'host.clear-before-commit': 'a batch is cleared, not committed: cleared again after the restart',
  'host.clear-after-commit': 'a clearing is committed and not sent: the stream sends it after the restart',
  'host.bill-built': 'a bill is written and committed, nothing of it is sent: it is sent after the restart',
  'host.bill-part-sent': 'parts of a bill, or all of it, are committed: the rest follows after the restart',
  'host.letter-sent':
    'a letter went out, that is not committed: it goes out once more after the restart (at least once)',
  'host.restore-before-commit': "a terminal's book is queued for it, not committed: it asks again",
  'host.restore-after-commit':
    "a terminal's book is queued and committed, the welcome is not sent: the next one announces it",
} as const;

export type HostCrashPoint = keyof typeof hostCrashPoints;

interface CrashPlan {
  readonly point: string;
  left: number;
}

/** Reads `point:nth`. Another program's point is ignored; a misspelt one of the host throws, or a storm would prove nothing. */
export function parseCrashPlan(value: string | undefined): CrashPlan | null {
  const match = /^(host\.[a-z-]+):([1-9]\d{0,8})$/.exec(value ?? '');
  if (value?.startsWith('host.') && !(match?.[1] && match[1] in hostCrashPoints)) {
    throw new Error(`POS_CRASH names no crash point of the host: ${value}`);
  }
  return match?.[1] ? { point: match[1], left: Number(match[2]) } : null;
}

const plan = parseCrashPlan(process.env['POS_CRASH']);

export function at(point: HostCrashPoint): void {
  if (plan?.point !== point) return;
  plan.left -= 1;
  if (plan.left === 0) process.kill(process.pid, 'SIGKILL');
}
