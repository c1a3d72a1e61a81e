import type { SaleEnd } from '../stage/cashier.ts';

/** A business day as data: what is done in which order, and how it must end. */
export type Step =
  | {
      readonly do: 'sale';
      readonly amountFen: number;
      readonly how: Entry;
      readonly card: TestCard;
      readonly ends: SaleEnd;
    }
  | { readonly do: 'close'; readonly ends: 'balanced' | 'not-balanced' }
  | { readonly do: 'settle'; readonly ends: 'SUCCESS' | 'FAILED' | 'refused' }
  | { readonly do: 'reprint' }
  /** Somebody at the host, over its control socket. `until`: what the terminal has to hear before the day goes on. */
  | {
      readonly do: 'host';
      readonly path: '/fault' | '/command';
      readonly order: object;
      readonly until?: 'account-usable';
    }
  | { readonly do: 'note'; readonly zh: string; readonly en: string };

export interface Chapter {
  readonly zh: string;
  readonly en: string;
  readonly steps: readonly Step[];
}

type Entry = 'contactless' | 'swipe';
/** `aid`: the application on the chip, UnionPay debit when not given. */
interface TestCard {
  readonly pan: string;
  readonly expiry: string;
  readonly aid?: string;
}

/** Numbers that no bank gave out, with a right check digit. */
const cards = {
  debit: { pan: '6222021234567890128', expiry: '3012' },
  credit: { pan: '6259871234567898', expiry: '3106' },
  savings: { pan: '6217001234567890122', expiry: '2911' },
  foreign: { pan: '4761731234567890', expiry: '3003', aid: 'A0000000031010' },
} as const;

const sale = (amountFen: number, how: Entry, card: keyof typeof cards, ends: SaleEnd = 'approved'): Step => ({
  do: 'sale',
  amountFen,
  how,
  card: cards[card],
  ends,
});
const note = (zh: string, en: string): Step => ({ do: 'note', zh, en });
const fault = (order: object): Step => ({ do: 'host', path: '/fault', order });

/**
 * Amounts differ, so that every charge can be told in either book. Their last two digits steer the reference host: 51 declined, 98 no answer, 99
 * booked but the answer lost. Contactless up to 1,000.00 pays the discount fee (E-071), everything else the normal one.
 */
export const day: readonly Chapter[] = [
  {
    zh: '上午：挥卡与刷卡',
    en: 'Morning: tapping and swiping',
    steps: [
      sale(2_560, 'contactless', 'debit'),
      sale(100_000, 'contactless', 'credit'),
      sale(168_800, 'contactless', 'savings'),
      sale(35_000, 'swipe', 'debit'),
      sale(8_890, 'contactless', 'foreign'),
      note('尾数51：余额不足', 'ending 51: insufficient funds'),
      sale(19_951, 'contactless', 'savings', 'declined'),
      sale(19_900, 'contactless', 'credit'),
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
  {
    zh: '第一批：对账不平，批上送后补记',
    en: 'First batch: not balanced, resolved by upload',
    steps: [
      note('主机将忘记下一笔批准', 'the host will forget the next approval'),
      fault({ kind: 'forget-approval', times: 1 }),
      sale(23_310, 'contactless', 'savings'),
      { do: 'close', ends: 'not-balanced' },
      { do: 'settle', ends: 'SUCCESS' },
    ],
  },
  {
    zh: '下午：再开一批',
    en: 'Afternoon: the next batch',
    steps: [
      sale(1_200, 'contactless', 'savings'),
      sale(450_000, 'swipe', 'foreign'),
      sale(66_666, 'contactless', 'credit'),
      sale(100_100, 'contactless', 'debit'),
      sale(12_340, 'swipe', 'savings'),
      note('重打最后一笔签购单', 'the last slip is printed again, marked as a duplicate'),
      { do: 'reprint' },
      { do: 'close', ends: 'balanced' },
    ],
  },
  {
    zh: '结算失败，修复账户，换号再结',
    en: 'A settlement fails; the account is repaired; settled under a new number',
    steps: [
      note('银行将拒付：账户已销户', 'the bank will refuse: account closed'),
      fault({ kind: 'settle-fail', reason: 'ACCOUNT_CLOSED', times: 1 }),
      { do: 'settle', ends: 'FAILED' },
      note('款项已退回可用余额；账户异常，不能再结', 'the money is available again; the account is blocked'),
      { do: 'settle', ends: 'refused' },
      note('主机重新核验账户，下发新版本', 'the host verifies another account and sends the new version'),
      {
        do: 'host',
        path: '/command',
        order: {
          command: 'verify-account',
          name: '账平演示商户',
          number: '6217001234567890122',
          bank: '中国建设银行上海分行',
        },
        until: 'account-usable',
      },
      { do: 'settle', ends: 'SUCCESS' },
    ],
  },
  {
    zh: '傍晚：第三批还开着',
    en: 'Evening: the third batch is still open',
    steps: [sale(5_800, 'contactless', 'debit')],
  },
];
