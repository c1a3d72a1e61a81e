import { type Chapter, customer, fault, note, sale } from './step.ts';

/** Codes, sales without the host, and the first batch with its settlement. */
export const codesAndOffline: readonly Chapter[] = [
  {
    zh: '扫码：付款码、收款码',
    en: "Codes: the customer's, and ours",
    steps: [
      { do: 'code-sale', amountFen: 3_600, code: '134512345678901234', ends: 'approved' },
      note('尾数55：客户在手机上输密码', 'ending 55: the customer types a PIN into the phone'),
      { do: 'code-sale', amountFen: 128_055, code: '285012345678901234', ends: 'approved' },
      note('屏上显示收款码，客户来扫', 'our code is on the screen, the customer scans it'),
      { do: 'code-sale', amountFen: 6_660, wallet: '4', ends: 'approved' },
      note('尾数97：客户不付款，取消并按单号关闭', 'ending 97: nobody pays; cancelled and closed by number'),
      { do: 'code-sale', amountFen: 5_197, wallet: '2', ends: 'closed' },
    ],
  },
  {
    zh: '断网：离线消费与上送',
    en: 'Without a line: offline sales, forwarded later',
    steps: [
      note('MQTT代理被停掉', 'the MQTT broker is stopped'),
      { do: 'line', is: 'cut' },
      {
        do: 'stored-sale',
        amountFen: 9_900,
        customer: customer('debit', 'contactless'),
        ends: 'stored',
        refusedLater: true,
      },
      { do: 'stored-sale', amountFen: 15_500, customer: customer('savings', 'insert'), ends: 'stored' },
      note('主机将拒收第一笔：打故障单', 'the host will refuse the first of them: a fault slip'),
      fault({ kind: 'forward-refuse', code: '05', times: 1 }),
      { do: 'line', is: 'mended' },
    ],
  },
  {
    zh: '第一批：对账不平，批上送后补记',
    en: 'First batch: not balanced, resolved by upload',
    steps: [
      note('主机将忘记下一笔批准', 'the host will forget the next approval'),
      fault({ kind: 'forget-approval', times: 1 }),
      sale(23_320, 'contactless', 'savings'),
      { do: 'print', paper: 'the details' },
      { do: 'print', paper: 'the summary' },
      { do: 'close', ends: 'not-balanced' },
      note('交班打印操作员汇总', 'the totals of the shift are printed'),
      { do: 'hand-over', to: '02' },
      { do: 'settle', ends: 'SUCCESS' },
    ],
  },
];
