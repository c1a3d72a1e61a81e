import type { Downloaded, Echo, Trouble } from '../flows/upkeep-desk.ts';
import { inMenu, result, sheet } from './desk-go.ts';
import type { Row, SheetPage } from './desk-places.ts';
import { empty, when } from './desk-rows.ts';
import { beep, go, type Moment, menu, message, type Next } from './go.ts';
import { say } from './texts.ts';

/** 终端管理, for 99. */

const back = inMenu('upkeep');

export function echoed({ tookMs, clockOffsetMs }: Echo, moment: Moment): Next {
  const offset: Row =
    clockOffsetMs === null
      ? say('upkeep.clockUnknown')
      : { label: 'label.offset', value: say('upkeep.seconds', { seconds: (clockOffsetMs / 1000).toFixed(1) }) };
  const rows = [say('upkeep.echoed'), empty, { label: 'label.took', value: `${tookMs} ms` } as const, offset];
  return result(moment, { title: say('title.echo'), rows }, 'ok', { back });
}

const namesOnPage = 5;

/** Revision, and what is other than before. */
export function downloaded({ rev, changed }: Downloaded, moment: Moment): Next {
  const title = say('title.download');
  const head: Row = { label: 'label.rev', value: String(rev) };
  if (changed.length === 0)
    return result(moment, { title, rows: [head, empty, say('upkeep.unchanged')] }, 'ok', { back });
  const pages = Array.from(
    { length: Math.ceil(changed.length / namesOnPage) },
    (_, n): SheetPage => ({
      title,
      rows: [
        { label: 'label.rev', value: say('upkeep.changed', { rev, count: changed.length }) },
        ...changed.slice(n * namesOnPage, (n + 1) * namesOnPage).map((words) => ({ words, most: 1 })),
      ],
    }),
  );
  return go(sheet(moment, pages, back), beep('ok'));
}

export const stateTold = (moment: Moment): Next =>
  result(moment, { title: say('title.tellState'), rows: [empty, say('upkeep.told')] }, 'ok', { back });

/** 失败记录: each with what to do. */
export function showTroubles(rows: readonly Trouble[], moment: Moment): Next {
  if (rows.length === 0)
    return go(message(moment, say('title.troubles'), [say('upkeep.noTroubles')], menu(moment, 'upkeep')), beep('ok'));
  const pages = rows.map((row, index): SheetPage => {
    const title = say('list.troubles', { index: index + 1, count: rows.length });
    if (row.is === 'payment')
      return {
        title,
        rows: [
          say('upkeep.stuck'),
          { label: 'label.stan', value: row.stan },
          { label: 'label.paidAt', value: when(row.at) },
          { label: 'label.batch', value: row.batch },
        ],
        amountFen: row.amountFen,
      };
    return {
      title,
      rows: [
        row.code === undefined ? say('upkeep.unsent') : say('upkeep.rejected'),
        { words: row.kind, most: 1 },
        { words: row.no, most: 2 },
        { words: row.code ?? '-', most: 1 },
      ],
    };
  });
  return go(sheet(moment, pages, back));
}
