import { Tag } from 'antd';
import type { BatchTotals } from '../../../../sync/protocol/common.ts';
import type { BatchView } from '../../../flows/batch-desk.ts';
import { useWords } from '../words.ts';

export const groups = ['domestic', 'foreign', 'codes'] as const;

/** Debit less credit over all groups. */
export const netOf = (totals: BatchTotals): number =>
  groups.reduce((sum, group) => sum + totals[group].debitFen - totals[group].creditFen, 0);

const looks = {
  1: { color: 'success', mark: '✓', word: 'verdict.1' },
  2: { color: 'error', mark: '✕', word: 'verdict.2' },
  3: { color: 'error', mark: '!', word: 'verdict.3' },
} as const;

/** 平, 不平, 错. */
export function Verdict({ verdict }: { verdict: 1 | 2 | 3 }) {
  const words = useWords();
  const { color, mark, word } = looks[verdict];
  return (
    <Tag color={color} className="state">
      <span aria-hidden="true">{mark}</span> {words(word)}
    </Tag>
  );
}

/** The worst of its groups. */
export function VerdictOf({ batch: { verdict } }: { batch: BatchView }) {
  if (!verdict) return <span className="quiet">—</span>;
  const worst = Math.max(...groups.map((group) => verdict[group]));
  return <Verdict verdict={worst === 3 ? 3 : worst === 2 ? 2 : 1} />;
}
