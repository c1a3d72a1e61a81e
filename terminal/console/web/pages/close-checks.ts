import type { Overview } from '../../contract.ts';

/** What stands in the way of a close, or only asks for a look. */
const unmet = {
  link: 'bad',
  signIn: 'careful',
  batch: 'bad',
  reversals: 'bad',
  undecided: 'bad',
  clock: 'careful',
  queue: 'careful',
  printer: 'careful',
} as const;

type CheckName = keyof typeof unmet;
export type CheckLook = 'good' | 'bad' | 'careful';

/** `bad`: the close would be refused; `careful`: it goes, but somebody should know. */
export interface CloseCheck {
  readonly name: CheckName;
  readonly look: CheckLook;
  readonly value: string | number;
}

/** What a batch close needs, looked at before anybody presses the button. */
export function closeChecks({
  status,
  openBatch,
  undecided,
}: Pick<Overview, 'status' | 'openBatch' | 'undecided'>): readonly CloseCheck[] {
  const check = (name: CheckName, isMet: boolean, value: string | number = ''): CloseCheck => ({
    name,
    look: isMet ? 'good' : unmet[name],
    value,
  });
  return [
    check('link', status.link === 'online'),
    check('signIn', status.signedIn),
    check('batch', openBatch !== undefined, openBatch?.records ?? 0),
    check('reversals', status.reversalsDue === 0 && status.reversalsStuck === 0, status.reversalsDue),
    check('undecided', undecided === 0, undecided),
    check('clock', !status.clockWrong),
    check('queue', status.waitingRows === 0, status.waitingRows),
    check('printer', status.printerProblem === undefined),
  ];
}

/** 冻结批次 → 对账 → 批上送 → 批结束 → 打印, as CloseStep has them. */
export const closeSteps = ['freezing', 'comparing', 'uploading', 'ending', 'printing'] as const;

const stepOfState: Readonly<Record<string, number>> = {
  OPEN: 0,
  FROZEN: 0,
  COMPARING: 1,
  NEEDS_HUMAN: 1,
  UPLOADING: 2,
  ENDING: 3,
  CLEAR_DUE: 4,
  CLOSED: closeSteps.length,
};

/** Which step a batch in this state is at; all of them are behind it once it is closed. */
export const closeStepOf = (state: string): number => stepOfState[state] ?? 0;
