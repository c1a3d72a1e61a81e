import { type Chapter, customer, note, sale } from './step.ts';

/** Sales, with what the host may answer beside yes. */
export const morning: readonly Chapter[] = [
  {
    zh: '上午：挥卡、刷卡、插卡',
    en: 'Morning: tapping, swiping, inserting',
    steps: [
      note('主管增加操作员02', 'the supervisor adds operator 02'),
      { do: 'add-operator', no: '02', secret: '2468' },
      { do: 'self-check' },
      sale(2_560, 'contactless', 'debit'),
      sale(100_000, 'contactless', 'credit'),
      sale(168_800, 'contactless', 'savings'),
      note('刷磁条，客户输密码', 'the stripe, and the customer types a PIN'),
      sale(35_000, 'swipe', 'debit'),
      note('插芯片卡，客户输密码', 'the chip, and the customer types a PIN'),
      sale(46_800, 'insert', 'chip'),
      sale(8_890, 'contactless', 'foreign'),
      note('尾数51：余额不足', 'ending 51: insufficient funds'),
      sale(19_951, 'contactless', 'savings', 'declined'),
      { do: 'balance', customer: customer('savings', 'contactless') },
      sale(19_900, 'contactless', 'credit'),
    ],
  },
  {
    zh: '主机的问题：部分批准、优惠、验证码',
    en: 'What the host asks: less, a discount, a code',
    steps: [
      note('尾数10：只批准一半，收银员接受', 'ending 10: half of it is approved, and taken'),
      sale(30_010, 'contactless', 'debit', 'approved'),
      note('尾数11：优惠一成，营销方承担', 'ending 11: a promoter pays a tenth'),
      sale(45_011, 'contactless', 'savings'),
      note('尾数08：先验证客户；验证码先错后对', 'ending 08: verify first; the code is wrong, then right'),
      sale(52_008, 'contactless', 'credit', 'approved', { codes: ['111111', '246810'] }),
    ],
  },
  {
    zh: '应答丢失：结果未知，自动冲正',
    en: 'Lost answers: unknown, so reversed',
    steps: [
      note('尾数98：主机无应答，2秒后自动冲正', 'ending 98: the host never answers; after 2 s the terminal reverses'),
      sale(4_598, 'contactless', 'debit', 'unknown'),
      note('尾数99：主机已记账，应答丢失', 'ending 99: the host booked it, its answer is lost'),
      sale(7_299, 'swipe', 'credit', 'unknown'),
      sale(7_200, 'swipe', 'credit'),
    ],
  },
];
