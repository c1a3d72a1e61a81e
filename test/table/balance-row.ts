import { type Cell, nothing, type Row } from './cell.ts';
import { otherAddresses } from './host-wire.ts';
import { chipCard, type Till } from './till.ts';

/** 余额查询: shown and never stored; it books nothing, so nothing is reversed. */

const shown = /余额查询\n\n可用余额\n[\s\S]*1,234\.56/;
const noAnswer = /余额查询\n\n无应答 请重试\n未扣款/;

async function ask(till: Till): Promise<void> {
  await till.asksCard('8 3');
  till.present();
}

/** Whatever comes of it, nothing is left. */
const cell = (given: string, screens: readonly RegExp[], play: Cell['play']): Cell => ({
  given,
  screens,
  play,
  ...nothing,
});

/** What happens to the answer leaves the terminal without one until its wait is over. */
const unbelieved = (given: string, wires: (till: Till) => Promise<void>): Cell =>
  cell(given, [noAnswer], async (till) => {
    await Promise.all([wires(till), ask(till)]);
    till.runOut();
  });

const declined = (code: string, words: string): Cell =>
  cell(`the host declines with ${code}`, [new RegExp(`交易失败\n余额查询\n\\(${code}\\)${words}`)], async (till) => {
    await till.system.host.fault({ kind: 'decline', of: 'balance', code });
    await ask(till);
  });

export const balanceRow: Row = {
  name: '余额查询',
  cells: {
    approved: [cell('the host tells it', [shown], ask)],
    declined: [declined('57', '此卡不许此交易\n请换卡')],
    partial: { none: 'no amount is asked for' },
    'no answer': [
      unbelieved('the request is lost', (till) => till.wire.lose('up', 'balance')),
      unbelieved('the answer is lost', (till) => till.wire.lose('down', 'balance')),
    ],
    'late answer': [
      cell('it comes when nobody waits for it', [], async (till) => {
        const [deliver] = await Promise.all([till.wire.hold('balance'), ask(till)]);
        till.runOut();
        await till.sees(noAnswer);
        deliver();
        await till.wire.heard();
        await till.sees(noAnswer);
      }),
    ],
    'bad signature': [
      unbelieved('a byte of the answer was changed', (till) => till.wire.breakSignature('auth', 'balance')),
    ],
    'mismatched echo': [
      unbelieved('another kind', (till) =>
        till.wire.changeAnswer('balance', (answer) => ({ ...answer, kind: 'reverse' })),
      ),
      unbelieved('another STAN', (till) =>
        till.wire.changeAnswer('balance', (answer) => ({ ...answer, stan: '999999' })),
      ),
      unbelieved('another payment', (till) =>
        till.wire.changeAnswer('balance', (answer) => ({ ...answer, payment: '01JD0000000000000000000000' })),
      ),
      ...otherAddresses.map((whose) =>
        unbelieved(`another ${whose}`, (till) => till.wire.misdirect('auth', whose, 'balance')),
      ),
    ],
    duplicate: [
      cell('the answer comes twice', [shown], async (till) => {
        await Promise.all([till.wire.twice('down', 'auth', 'balance'), ask(till)]);
      }),
      cell('the request comes twice', [shown], async (till) => {
        await Promise.all([till.wire.twice('up', 'auth', 'balance'), ask(till)]);
      }),
      declined('94', '流水号重复'),
    ],
    'card removed': [
      cell('held to the reader too shortly, and once more', [shown], async (till) => {
        await till.asksCard('8 3');
        till.removedEarly();
        await till.sees(/卡移开过早\n请重新出示卡/);
        till.press('确认');
        await till.sees(/请重新出示卡/);
        await till.asksCard('确认');
        till.present();
      }),
      cell('the chip pulled out while the host thinks: it was told all the same', [shown], async (till) => {
        await till.asksCard('8 3');
        till.insert(chipCard);
        await till.wire.passes('up', 'balance');
        till.system.devices.reader.takeAway();
      }),
    ],
    cancelled: [
      cell('取消 while a card is awaited', [/已取消/], async (till) => {
        await till.asksCard('8 3');
        till.press('取消');
      }),
      cell('取消 while the host thinks', [/已取消/], async (till) => {
        await Promise.all([till.wire.lose('down', 'balance'), ask(till)]);
        await till.sees(/通讯中/);
        till.press('取消');
      }),
    ],
    'power cut': {
      none: 'its one commit takes a STAN and writes an audit line: neither before nor behind it is there anything to be recovered',
    },
  },
};
