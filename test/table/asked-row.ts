import { type Asked, approvedScreen, badAnswer, opened, prepared, reversedBecause, timedOut, undone } from './asked.ts';
import { askedCuts } from './asked-cuts.ts';
import type { Cell, Row } from './cell.ts';
import { type Fields, otherAddresses } from './host-wire.ts';
import type { Till } from './till.ts';

/** Every ending of a transaction that is asked of the host (payments.md, Transactions and Reversal). */
export function askedRow(asked: Asked): Row {
  const { name, system, kind, more, partial = [partOfTheWhole(asked)], removed } = asked;
  return {
    name,
    ...(system && { system }),
    cells: {
      approved: [booked(asked, 'the host approves'), ...more],
      declined: [declined(asked, '05', '不予承兑\n请换卡')],
      partial,
      'no answer': [lost(asked, 'up', '25'), lost(asked, 'down', '00')],
      'late answer': [late(asked)],
      'bad signature': [
        unbelieved(asked, 'a byte of the answer was changed', (till) => till.wire.breakSignature('auth', kind)),
      ],
      'mismatched echo': mismatches(asked),
      duplicate: [
        booked(asked, 'the answer comes twice', (till) => till.wire.twice('down', 'auth', kind)),
        booked(asked, 'the request comes twice', (till) => till.wire.twice('up', 'auth', kind)),
        declined(asked, '94', '流水号重复\n请查询末笔 勿重刷'),
      ],
      'card removed': removed,
      cancelled: [...left(asked), cancelledAtHost(asked)],
      'power cut': askedCuts(asked),
    },
  };
}

const booked = (asked: Asked, given: string, wires?: (till: Till) => Promise<void>): Cell => ({
  given,
  async play(till) {
    const request = await prepared(asked, till);
    await Promise.all([wires?.(till), request()]);
  },
  screens: [approvedScreen(asked)],
  ...asked.done,
});

const declined = (asked: Asked, code: string, words: string): Cell => ({
  given: `the host declines with ${code}`,
  async play(till) {
    const request = await prepared(asked, till);
    await till.system.host.fault({ kind: 'decline', of: asked.kind, code });
    await request();
  },
  screens: [new RegExp(`交易失败\n${asked.words.title} +\\d{6}\n\\(${code}\\)${words}`)],
  ...undone(asked, `FAILED ${code}`),
});

const lost = (asked: Asked, way: 'up' | 'down', code: '25' | '00'): Cell => ({
  ...unbelieved(asked, way === 'up' ? 'the request is lost' : 'the answer is lost', (till) =>
    till.wire.lose(way, asked.kind),
  ),
  ...undone(asked, `REVERSED ${code}`),
});

/** What happens to the answer leaves the terminal without one until its wait is over. */
const unbelieved = (asked: Asked, given: string, wires: (till: Till) => Promise<void>): Cell => ({
  given,
  async play(till) {
    const request = await prepared(asked, till);
    await Promise.all([wires(till), request()]);
    till.runOut();
  },
  screens: reversedBecause(asked, timedOut),
  ...undone(asked, 'REVERSED 00'),
});

/** An answer that comes, and is not the one that was asked for. */
const refused = (asked: Asked, given: string, change: (answer: Fields) => Fields): Cell => ({
  given,
  async play(till) {
    const request = await prepared(asked, till);
    await Promise.all([till.wire.changeAnswer(asked.kind, change), request()]);
  },
  screens: reversedBecause(asked, badAnswer),
  ...undone(asked, 'REVERSED 00'),
});

/** Only a sale may be approved in part (sync/protocol/card-requests.ts). */
const partOfTheWhole = (asked: Asked): Cell =>
  refused(asked, 'the host answers 10 to what it can only approve whole', (answer) => ({
    ...answer,
    code: '10',
    approvedFen: 5_000,
  }));

const mismatches = (asked: Asked): readonly Cell[] => [
  unbelieved(asked, 'another kind', (till) =>
    till.wire.changeAnswer(asked.kind, (answer) => ({
      ...answer,
      kind: asked.kind === 'void' ? 'preauth-void' : 'void',
    })),
  ),
  refused(asked, 'another STAN', (answer) => ({ ...answer, stan: '999999' })),
  refused(asked, 'another payment', (answer) => ({ ...answer, payment: '01JD0000000000000000000000' })),
  refused(asked, 'another amount', (answer) => ({ ...answer, amountFen: 9_999, approvedFen: 9_999 })),
  ...otherAddresses.map((whose) =>
    unbelieved(asked, `another ${whose}`, (till) => till.wire.misdirect('auth', whose, asked.kind)),
  ),
];

const late = (asked: Asked): Cell => ({
  given: 'the approval comes when the reversal was created',
  async play(till) {
    const request = await prepared(asked, till);
    const [deliver] = await Promise.all([till.wire.hold(asked.kind), request()]);
    till.runOut();
    await till.sees(/结果未知/);
    deliver();
    await till.system.eventually('it is logged against the payment', () => till.left().states.endsWith(' late 00'));
  },
  screens: reversedBecause(asked, timedOut).slice(1),
  ...undone(asked, 'REVERSED 00 late 00'),
});

const cancelledAtHost = (asked: Asked): Cell => ({
  given: '取消 while the host thinks',
  async play(till) {
    const request = await prepared(asked, till);
    await Promise.all([till.wire.lose('down', asked.kind), request()]);
    await till.sees(/通讯中/);
    till.press('取消');
  },
  screens: reversedBecause(asked, '已取消,系统自动冲正'),
  ...undone(asked, 'REVERSED 00'),
});

/** 取消 before anything was sent. */
function left(asked: Asked): readonly Cell[] {
  if (asked.opensAt === 'original')
    return [
      {
        given: '取消 behind the original: at 主管密码, at the amount',
        async play(till) {
          await opened(asked, till);
          till.press('确认 取消');
        },
        screens: [/请核对原交易|请输入原凭证号/],
        ...asked.undone,
        slips: [],
      },
    ];
  return [
    {
      given: '取消 while a card is awaited',
      async play(till) {
        await opened(asked, till);
        till.press('取消');
      },
      screens: [/已取消/],
      ...undone(asked, 'FAILED'),
    },
    {
      given: '取消 with card and amount on the screen',
      async play(till) {
        await opened(asked, till);
        till.present();
        await till.sees(/请核对/);
        till.press('取消');
      },
      screens: [/已取消/],
      ...undone(asked, 'FAILED'),
    },
  ];
}
