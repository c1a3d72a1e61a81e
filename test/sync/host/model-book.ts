import type { JournalOnWire } from '../../../sync/protocol/common.ts';

/** A book by accounting.md §2 and §3, written for tests apart from either program: balances, and what a credit of 2002 sets off. */

interface Freeze {
  readonly no: string;
  readonly amountFen: number;
  /** Its payment had not cleared: the clearing holds the money. */
  readonly byClearing: boolean;
  n: number;
}

const mayBeNegative = new Set(['1001', '1101', '1102', '1103', '1104', '4001']);
const creditNormal = (account: string): boolean => account.startsWith('2') || account.startsWith('4');

export class ModelBook {
  readonly balances = new Map<string, number>();
  readonly freezes: Freeze[] = [];
  readonly journals: JournalOnWire[] = [];
  readonly at: () => number;

  constructor(at: () => number) {
    this.at = at;
  }

  of(account: string): number {
    return this.balances.get(account) ?? 0;
  }

  /** Posts a journal, and J-12 and J-09 after it where it credits 2002. Throws where an account may not be below zero (P-03). */
  post(event: string, no: string, key: string, all: JournalOnWire['lines']): JournalOnWire[] {
    const lines = all.filter(([, , fen]) => fen !== 0);
    if (lines.length === 0) return [];
    const sum = (side: 'D' | 'C') => lines.filter((line) => line[1] === side).reduce((fen, line) => fen + line[2], 0);
    if (sum('D') !== sum('C')) throw new Error(`P-01: ${key}`);
    for (const [account, side, fen] of lines) this.add(account, side === 'D' ? fen : -fen);
    for (const [account] of lines) {
      if (!mayBeNegative.has(account.slice(0, 4)) && this.of(account) < 0)
        throw new Error(`P-03: ${account} at ${key}`);
    }
    const journal: JournalOnWire = { key, event, no, at: this.at(), by: 'SYS', lines };
    this.journals.push(journal);
    const credited = lines.some(([account, side]) => account === '2002' && side === 'C');
    return credited ? [journal, ...this.followUps(key)] : [journal];
  }

  hold(freeze: Freeze, wantedFen: number): JournalOnWire[] {
    const fen = Math.min(this.of('2002'), wantedFen);
    freeze.n += 1;
    return this.post('J-09', freeze.no, `frz:${freeze.no}:${freeze.n}`, [
      ['2002', 'D', fen],
      [`2004:${freeze.no}`, 'C', fen],
    ]);
  }

  private add(account: string, fen: number): void {
    this.balances.set(account, this.of(account) + (creditNormal(account) ? -fen : fen));
  }

  private followUps(key: string): JournalOnWire[] {
    const owed = Math.min(this.of('2002'), this.of('1202'));
    const recovered = this.post('J-12', key, `rec:${key}`, [
      ['2002', 'D', owed],
      ['1202', 'C', owed],
    ]);
    const held = this.freezes
      .filter((freeze) => !freeze.byClearing)
      .flatMap((freeze) => this.hold(freeze, freeze.amountFen - this.of(`2004:${freeze.no}`)));
    return [...recovered, ...held];
  }
}
