import { describe, expect, test } from 'vitest';
import { columns, rowCount, textWidth } from '../../../terminal/screens/screen.ts';
import type { Place } from '../../../terminal/screens/state.ts';
import { administrator, cashier, Desk, nowMs, status, supervisor } from './desk.ts';
import { places } from './every-place.ts';

const cases = Object.values(places)
  .flat()
  .flatMap((at, index) =>
    (['zh', 'en'] as const).flatMap((language) =>
      [true, false].map((simulated) => ({ name: `${at.is} #${index}`, at, language, simulated })),
    ),
  );

/** The most that can be wrong at once, and a name that is too long. */
const crowded = {
  merchantName: '一个名字特别特别长的商户有限责任公司\u001b[2J',
  link: 'connecting',
  waitingRows: 99_999,
  batch: { no: '999999', state: 'OPEN', records: 500, openedAt: nowMs - 40 * 24 * 3_600_000 },
  reversalsDue: 3,
  deviceProblems: [
    { device: 'printer', problem: 'COVER_OPEN', detail: undefined },
    { device: 'pin-pad', problem: 'PORT_IN_USE', detail: 'pos (pid 812)' },
  ],
  signedIn: false,
} as const;

describe('every screen', () => {
  test.each(cases)('$name in $language, simulated $simulated', ({ at, language, simulated }) => {
    for (const more of [{}, crowded]) {
      const desk = new Desk(at, { ...more, simulated });
      const { rows } = desk.screen(language);
      expect(rows).toHaveLength(rowCount);
      for (const row of rows) {
        expect(textWidth(row), JSON.stringify(row)).toBe(columns);
        expect(row).toMatch(/^[ -~\u3001-\u3002\u4e00-\u9fff\uff01-\uff5e]*$/);
      }
      expect(rows[0]?.endsWith(language === 'zh' ? '[模拟]' : '[SIM]')).toBe(simulated);
      expect(rows.at(-1)?.trim(), 'says what the keys do').not.toBe('');
    }
  });

  /** Names and words that come from elsewhere may be longer than a row. */
  const named: ReadonlySet<Place['is']> = new Set(['settle-offer', 'settle-confirm']);

  test('nothing that the program says is cut', () => {
    const rows = cases.flatMap(({ name, at, language, simulated }) =>
      [cashier, supervisor, administrator].flatMap((user) =>
        new Desk(at, { simulated, operator: user })
          .screen(language)
          .rows.filter((row) => /\{|undefined|null/.test(row) || (row.includes('..') && !named.has(at.is)))
          .map((row) => `${name} ${row}`),
      ),
    );
    expect([...new Set(rows)]).toEqual([]);
  });

  test('what is cut is marked', () => {
    const [title] = new Desk(places.idle[0], crowded).screen().rows;
    expect(title).toBe('一个名字特别特别长..');
  });

  test('a state is plain JSON', () => {
    for (const at of Object.values(places).flat()) {
      const again: Place = JSON.parse(JSON.stringify(at));
      expect(new Desk(again).text()).toBe(new Desk(at).text());
    }
  });

  test('a typed secret is never on the screen', () => {
    const desk = new Desk(places['log-on'][1]);
    expect(desk.text('zh')).not.toContain('12345678');
    expect(desk.text('zh')).toContain('********');
  });

  test('the idle screen says what the cashier should know, the most urgent first', () => {
    const at: Place = { is: 'idle', notice: undefined, expiresMs: undefined };
    expect(new Desk(at, { waitingRows: 4 }).text().split('\n')).toEqual([
      '账平小店',
      '11-20 10:00 操作员01',
      '已联机      待上送 4',
      '批次 000001     12笔',
      '已开批 3小时',
      '',
      '',
      '1消费 确认菜单 功能',
    ]);
    const crowdedRows = new Desk(at, status({ ...crowded, merchantName: '账平小店' })).text().split('\n');
    expect(crowdedRows.slice(5, 7)).toEqual(['冲正未完成 3笔', '打印机:盖未关']);
  });

  test.each([
    ['printer', 'PAPER_NEAR_END', '打印机:纸将尽', 'Printer: low paper'],
    ['card-reader', 'LOST', '读卡器:连接中断', 'Reader: lost'],
    ['pin-pad', 'NO_ANSWER', '密码键盘:无应答', 'PIN pad: no answer'],
    ['scanner', 'CODE_INCOMPLETE', '扫码枪:扫码不全', 'Scanner: half code'],
    ['keypad', 'KEY_STUCK', '键盘:按键卡住', 'Keypad: stuck key'],
    ['display', 'NO_PERMISSION', '顾客屏:无权限', 'Display: no access'],
  ] as const)('the idle screen names %s %s', (device, problem, zh, en) => {
    const at: Place = { is: 'idle', notice: undefined, expiresMs: undefined };
    const desk = new Desk(at, { deviceProblems: [{ device, problem, detail: undefined }] });
    expect(desk.screen('zh').rows[5]?.trim()).toBe(zh);
    expect(desk.screen('en').rows[5]?.trim()).toBe(en);
  });
});
