import type { PrintedSlip } from '../../drivers/simulator/paper.ts';
import type { PaperRow } from '../../drivers/simulator/paper-rows.ts';
import type { SlipAnswer, SlipRow } from './contract.ts';

const KEPT = 50;

/** The last slips that came out of the simulated printer. */
export interface SlipLog {
  add(slip: PrintedSlip, at: number): SlipAnswer;
  /** What has not come out whole, with the number that it will have. */
  unfinished(slip: PrintedSlip, at: number): SlipAnswer;
  all(): readonly SlipAnswer[];
}

export function slipLog(columns: number): SlipLog {
  let kept: SlipAnswer[] = [];
  let last = 0;
  const unfinished = (slip: PrintedSlip, at: number): SlipAnswer => {
    const { rows, lines, cut } = slip;
    return { no: last + 1, at, columns, rows: rows.map(rowOf), lines: [...lines], cut };
  };
  return {
    add(slip, at) {
      const made = unfinished(slip, at);
      last = made.no;
      kept = [...kept, made].slice(-KEPT);
      return made;
    },
    unfinished,
    all: () => kept,
  };
}

const rowOf = (row: PaperRow): SlipRow => {
  switch (row.kind) {
    case 'text':
      return { ...row, spans: [...row.spans] };
    case 'image': {
      const { widthDots, heightDots, rows } = row.image;
      return { kind: 'image', align: row.align, widthDots, heightDots, rows: Buffer.from(rows).toString('base64') };
    }
    default:
      return row;
  }
};
