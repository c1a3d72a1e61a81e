import type { CrashPoint } from '../../terminal/base/crash-points.ts';
import type { TestSystemOptions } from '../support/terminal.ts';
import type { Cell, NoCell, Row, Transaction } from './cell.ts';
import { cut } from './cut.ts';
import { otherAddresses } from './host-wire.ts';
import type { Left } from './left.ts';
import type { Till } from './till.ts';

/** A transaction that is told by the durable stream: never reversed, delivered until its result has come. */
export interface Told {
  readonly name: Transaction;
  readonly system?: TestSystemOptions;
  readonly before?: (till: Till) => Promise<string>;
  /** From the idle screen to the commit. */
  readonly tell: (till: Till, number: string) => Promise<void>;
  /** What the counter sees when the host can be reached. */
  readonly screen: RegExp;
  /** What it sees as long as the host says nothing, and leaves by 取消; undefined: nobody waits for the host. */
  readonly waits?: RegExp;
  readonly done: Left;
  /** Nothing was told. */
  readonly undone: Left;
  /** 末笔. */
  readonly last: string;
  readonly more: readonly Cell[];
  readonly declined: readonly Cell[];
  readonly partial: string;
  readonly removed: readonly Cell[] | NoCell;
  readonly cancelled: readonly Cell[];
  /** What stands at the end when the power went there: nothing was told; done, its slip to be printed again; done and printed. */
  readonly cuts: readonly (readonly [point: CrashPoint, goesOn: 'not' | 'reprint' | 'printed'])[];
}

export function toldRow(told: Told): Row {
  const { name, system, screen, done, more, partial, removed, cancelled } = told;
  const plain = (given: string, wires: (till: Till) => unknown): Cell => ({
    given,
    async play(till) {
      const tell = await preparedToTell(told, till);
      void wires(till);
      await tell();
    },
    screens: [screen],
    ...done,
  });
  return {
    name,
    ...(system && { system }),
    cells: {
      approved: [plain('the host accepts', () => undefined), ...more],
      declined: told.declined,
      partial: { none: partial },
      'no answer': [deaf(told, 'what is told does not arrive', 'up')],
      'late answer': [deaf(told, 'its result comes when nobody waits for it any more', 'down')],
      'bad signature': [refused(told, 'a byte of the result was changed', (till) => till.wire.breakSignature('rows'))],
      'mismatched echo': otherAddresses.map((whose) =>
        refused(told, `the result is for another ${whose}`, (till) => till.wire.misdirect('rows', whose)),
      ),
      duplicate: [
        plain('it is delivered twice', (till) => till.wire.twice('up', 'rows')),
        plain('its result is delivered twice', (till) => till.wire.twice('down', 'rows')),
      ],
      'card removed': removed,
      cancelled,
      'power cut': told.cuts.map(([point, goesOn]) =>
        cut({
          point,
          act: (till) =>
            (point.startsWith('stored.') && goesOn === 'printed' ? resultComes : preparedToTell)(told, till),
          left: goesOn === 'not' ? told.undone : done,
          ...(goesOn !== 'not' && { last: told.last }),
          reprint: goesOn === 'reprint',
        }),
      ),
    },
  };
}

/** Makes what must stand before. */
export async function preparedToTell({ before, tell }: Told, till: Till): Promise<() => Promise<void>> {
  const number = (await before?.(till)) ?? '';
  till.markSlips();
  return () => tell(till, number);
}

/** Its result comes when its slip is out. */
async function resultComes(told: Told, till: Till): Promise<() => Promise<void>> {
  const tell = await preparedToTell(told, till);
  return async () => {
    till.wire.loseRows('down');
    await tell();
    till.wire.mend();
  };
}

/** The stream is still: nothing is assumed; when it flows again it comes to its end, which 末笔 says. */
const deaf = (told: Told, given: string, way: 'up' | 'down'): Cell => ({
  given,
  async play(till) {
    const tell = await preparedToTell(told, till);
    till.wire.loseRows(way);
    await tell();
    await till.sees(told.waits ?? told.screen);
    if (told.waits) {
      till.press('取消');
      await till.sees(/在后台继续/);
    }
    await till.leave();
    till.press('功能 1');
  },
  screens: [new RegExp(`末笔交易\n状态 +${told.last}`)],
  ...told.done,
  slips: told.waits ? [] : told.done.slips,
});

/** A result that is not believed is sent again. */
const refused = (told: Told, given: string, wires: (till: Till) => Promise<void>): Cell => ({
  given,
  async play(till) {
    const tell = await preparedToTell(told, till);
    await Promise.all([wires(till), tell()]);
    till.wire.mend();
  },
  screens: [told.screen],
  ...told.done,
});
