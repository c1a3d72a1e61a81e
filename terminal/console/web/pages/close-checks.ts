import type { Overview } from '../../contract.ts';

export type CheckLook = 'good' | 'bad' | 'careful';

/** `bad`: the close would be refused; `careful`: it goes, but somebody should know. */
export interface CloseCheck {
  readonly name: 'link' | 'signIn' | 'batch' | 'reversals' | 'clock' | 'queue' | 'printer';
  readonly look: CheckLook;
  readonly value: string | number;
}

/** What a batch close needs, looked at before anybody presses the button. */
export function closeChecks({ status, openBatch }: Pick<Overview, 'status' | 'openBatch'>): readonly CloseCheck[] {
  const needs = (isMet: boolean): CheckLook => (isMet ? 'good' : 'bad');
  const wishes = (isMet: boolean): CheckLook => (isMet ? 'good' : 'careful');
  return [
    { name: 'link', look: needs(status.link === 'online'), value: '' },
    { name: 'signIn', look: needs(status.signedIn), value: '' },
    { name: 'batch', look: needs(openBatch !== undefined), value: openBatch?.records ?? 0 },
    {
      name: 'reversals',
      look: needs(status.reversalsDue === 0 && status.reversalsStuck === 0),
      value: status.reversalsDue,
    },
    { name: 'clock', look: needs(!status.clockWrong), value: '' },
    { name: 'queue', look: wishes(status.waitingRows === 0), value: status.waitingRows },
    { name: 'printer', look: wishes(status.printerProblem === undefined), value: '' },
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
