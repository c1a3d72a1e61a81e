import type { PrintedSlip } from '../../drivers/simulator/paper.ts';
import type { PaperRow } from '../../drivers/simulator/paper-rows.ts';
import type { SlipAnswer, SlipRow } from './contract.ts';

const KEPT = 50;

/** The last slips that came out of the simulated printer. */
export interface SlipLog {
  add(slip: PrintedSlip, at: number): SlipAnswer;
  all(): readonly SlipAnswer[];
  clear(): void;
}

export function slipLog(columns: number): SlipLog {
  let kept: SlipAnswer[] = [];
  let no = 0;
  return {
    add(slip, at) {
      no += 1;
      const made = { no, at, columns, rows: slip.rows.map(rowOf), lines: [...slip.lines], cut: slip.cut };
      kept = [...kept, made].slice(-KEPT);
      return made;
    },
    all: () => kept,
    clear() {
      kept = [];
    },
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
