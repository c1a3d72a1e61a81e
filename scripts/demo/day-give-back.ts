import { type Chapter, customer, note, sale } from './step.ts';

/** What is taken back, what is only held, and what upstream holds. */
export const giveBack: readonly Chapter[] = [
  {
    zh: '撤销与退货',
    en: 'Voids and refunds',
    steps: [
      sale(11_700, 'contactless', 'debit', 'approved', { as: 'a mistake' }),
      note('当日当批，全额，主管密码', "same day and batch, all of it, with the supervisor's secret"),
      { do: 'void', of: 'a mistake' },
      sale(24_600, 'contactless', 'savings', 'approved', { as: 'two shirts' }),
      note('按凭证退一部分', 'part of it, by its voucher'),
      { do: 'refund', of: 'two shirts', by: 'voucher', amountFen: 8_200 },
    ],
  },
  {
    zh: '预授权：冻结、完成、撤销',
    en: 'Pre-authorisation: held, completed, voided',
    steps: [
      {
        do: 'preauth',
        amountFen: 200_000,
        customer: customer('credit', 'contactless'),
        ends: 'approved',
        as: 'room 301',
      },
      { do: 'completion', of: 'room 301', amountFen: 186_300, as: 'bill 301' },
      note('账单有误：撤销完成，再按通知完成', 'the bill was wrong: completion voided, then completed as advice'),
      { do: 'completion-void', of: 'bill 301' },
      { do: 'completion-advice', of: 'room 301', amountFen: 172_900, as: 'bill 301, corrected' },
      {
        do: 'preauth',
        amountFen: 60_000,
        customer: customer('foreign', 'contactless'),
        ends: 'approved',
        as: 'room 302',
      },
      { do: 'preauth-void', of: 'room 302' },
    ],
  },
  {
    zh: '风险与发票',
    en: 'Risk and invoices',
    steps: [
      sale(88_800, 'contactless', 'credit', 'approved', { as: 'a suspect' }),
      note(
        '收银员上报，上游冻结这笔款；查清后解冻',
        'the cashier reports it, upstream holds its money, and gives it free',
      ),
      { do: 'report', of: 'a suspect' },
      { do: 'unfreeze', of: 'a suspect' },
      { do: 'invoice', of: 'two shirts' },
      note('开票后又退货：原发票整张红冲', 'a refund after the invoice: all of it is taken back'),
      { do: 'refund', of: 'two shirts', by: 'reference', amountFen: 4_100 },
      { do: 'red-invoice', of: 'two shirts' },
    ],
  },
];
