import { type Chapter, fault, note, sale } from './step.ts';

/** A second batch, its settlement in two attempts, and a third one. */
export const secondBatch: readonly Chapter[] = [
  {
    zh: '下午：再开一批',
    en: 'Afternoon: the next batch',
    steps: [
      sale(1_200, 'contactless', 'savings'),
      sale(450_000, 'swipe', 'foreign'),
      sale(66_666, 'contactless', 'credit'),
      note('一边营业，一边备份账本', 'the book is copied while the shop is open'),
      { do: 'backup', meanwhile: sale(100_100, 'contactless', 'debit') },
      sale(12_340, 'swipe', 'savings'),
      note('重打最后一笔签购单', 'the last slip is printed again, marked as a duplicate'),
      { do: 'print', paper: 'the last slip' },
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
    zh: '傍晚：签退，再签到，第三批',
    en: 'Evening: signed off and on again, the third batch',
    steps: [
      note('没有未结交易才能签退', 'only with nothing left to close'),
      { do: 'sign-off' },
      { do: 'sign-in' },
      sale(5_800, 'contactless', 'debit'),
    ],
  },
];
