import { describe, expect } from 'vitest';
import { fen } from '../../terminal/base/money.ts';
import { Keypad, keysFor } from '../support/keypad.ts';
import type { TestSystem } from '../support/terminal.ts';
import { book, credit, journals, paymentNo, refund, stateOf } from './books.ts';
import { atKeypad, scenarios } from './scenario.ts';

/** What is done beside card transactions, by the keys of the keypad and with the real host. */

const gross = 10_000;
const weChat = '1 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9';
const quick = { limits: { orderQueryMs: 20 }, hostParameters: { 'host.walletScanMs': 50, 'host.walletPinMs': 50 } };
const stanOf = (system: TestSystem): string =>
  String(system.db.prepare('SELECT stan FROM payment WHERE id = 1').pluck().get());

describe('退货', () => {
  scenarios(
    atKeypad({
      given: '3 1, the voucher, part of the amount, 主管密码 wrong and then right',
      expect: 'the payment and what is left of it are shown, the slip comes out, J-06 and J-07',
      async play(keypad, system) {
        await system.earn(gross, 30_000);
        keypad.press('3 1 9 9 确认');
        await keypad.sees('找不到交易 000099');
        keypad.press(`确认 ${keysFor(stanOf(system))} 确认`);
        await keypad.sees('终端号          本机');
        keypad.press('确认 1 5 0 00 确认');
        await keypad.sees('退货150.00元超过可退');
        keypad.press('确认 3 3 3 3 确认');
        await keypad.sees('确认退货');
        keypad.press('确认 0 0 0 0 0 0 确认');
        await keypad.sees('密码错误');
        keypad.press('1 2 3 4 5 6 确认');
        await keypad.sees('退货成功');
        expect([stateOf(system), credit(system)]).toEqual(['PARTLY_REFUNDED', [1, 3_333]]);
        expect(journals(system)).toMatch(/J-06 J-07$/);
        expect(system.slips().at(-1)?.join('\n')).toMatch(/退货 REFUND/);
      },
    }),
    {
      given: '3 2, the reference and the day of a sale; 00 at the keypad',
      expect: 'no further secret; what the host refuses is said with its reason, and the money is back',
      async play(system) {
        await system.earn(gross);
        const rrn = String(system.db.prepare('SELECT rrn FROM payment').pluck().get());
        const keypad = await new Keypad(system).logOn('0 0 确认 1 2 3 4 5 6 确认');
        const [, month = '', day = ''] = /^(\d\d)-(\d\d)/m.exec(await keypad.sees('操作员00')) ?? [];
        keypad.press(`3 2 ${keysFor(rrn)} 确认 ${keysFor(month + day)} 确认`);
        await keypad.sees('退货 可退金额');
        await system.host.fault({ kind: 'refund-refuse', reason: 'RISK_BLOCKED' });
        keypad.press('确认 5 0 00 确认 确认');
        await keypad.sees('风险交易 请联系客服');
        expect(book(system)).toMatchObject({ '2002': 9_962 });
      },
    },
  );
});

describe('扫码', () => {
  scenarios(
    atKeypad({
      given: '9 1 without a scanner: the digits are typed',
      expect: 'paid; the digits stand nowhere but sealed',
      system: quick,
      async play(keypad, system) {
        keypad.press('9 1 1 0 0 00 确认');
        await keypad.sees('请输入付款码数字');
        keypad.press(`确认 ${weChat}`);
        expect(await keypad.sees('6789')).toContain('**************6789');
        keypad.press('确认');
        await keypad.sees('交易成功');
        expect(book(system)).toMatchObject({ '1102': gross });
        expect(system.logged.join('\n')).not.toContain('134567890123456789');
      },
    }),
    atKeypad({
      given: '9 1, and the first digit while the scanner waits',
      expect: 'the scanner is left and the rest can be typed',
      system: { ...quick, devices: { scanner: true } },
      async play(keypad, system) {
        keypad.press('9 1 1 0 0 00 确认');
        await keypad.sees('请扫付款码');
        keypad.press(`${weChat} 确认`);
        await keypad.sees('交易成功');
        expect(stateOf(system)).toBe('CLEARED');
      },
    }),
    atKeypad({
      given: '9 2: the customer scans ours and pays',
      expect: 'the code is on the screen until it is paid',
      system: { ...quick, hostParameters: { ...quick.hostParameters, 'host.walletScanMs': 400 } },
      async play(keypad, system) {
        keypad.press('9 2 1 0 0 00 确认');
        expect(await keypad.sees('请客户扫码')).toMatch(/^.*微信收款码/);
        expect(system.terminal.runner.screen().qr).toBe(`weixin://wxpay/bizpayurl?pr=${paymentNo(system)}`);
        await keypad.sees('交易成功');
        expect(system.terminal.runner.screen().qr).toBeUndefined();
      },
    }),
    atKeypad({
      given: '9 3 and 取消 while nobody pays',
      expect: 'the order is closed by number, and the screen says that nobody paid',
      system: { ...quick, hostParameters: { 'host.walletScanMs': 600_000 } },
      async play(keypad, system) {
        keypad.press('9 3 1 0 0 00 确认');
        await keypad.sees('请客户扫码');
        keypad.press('取消');
        await keypad.sees('未付款 可重新收款');
        expect(stateOf(system)).toBe('FAILED');
        keypad.press('确认');
        await keypad.sees('1消费');
      },
    }),
  );
});

describe('停止并上报', () => {
  scenarios(
    atKeypad({
      given: '8 5, the last sale, 金额异常',
      expect: 'upstream holds its money, and the list says so',
      async play(keypad, system) {
        await system.earn(gross);
        keypad.press('8 5 1');
        await keypad.sees('100.00');
        keypad.press('确认 2');
        await keypad.sees('已付款项将冻结待查');
        keypad.press('确认');
        await keypad.sees('已上报');
        await system.eventually('frozen', () => system.cashier.risk.isFrozen(paymentNo(system)));
        keypad.press(`确认 功能 1`);
        await keypad.sees('冻结待查 不可撤退');
      },
    }),
    atKeypad({
      given: '功能 while the host thinks',
      expect: 'the sale is reversed as by 取消, and reported',
      async play(keypad, system) {
        const speaks = system.wire.rule(({ topic }) => (topic.endsWith('/down/auth') ? 'drop' : undefined));
        keypad.press('1 1 0 0 00 确认');
        await keypad.sees('请挥卡或刷卡');
        await system.eventually('the reader asks', () => system.terminal.runner.waitsForCard());
        system.devices.reader.present({ pan: '6222021234567890128', expiry: '3012' });
        await keypad.sees('确认消费');
        keypad.press('确认');
        await keypad.sees('通讯中');
        keypad.press('功能');
        await keypad.sees('上报原因');
        speaks();
        keypad.press('1 确认');
        await keypad.sees('已上报');
        await system.eventually('reversed', () => stateOf(system) === 'REVERSED');
        const told = system.db.prepare("SELECT body FROM outbox WHERE kind = 'stop-reported'").pluck().get();
        expect(JSON.parse(String(told))).toMatchObject({ facts: { payment: paymentNo(system), reason: 'fraud' } });
      },
    }),
  );
});

describe('开具发票', () => {
  scenarios(
    atKeypad({
      given: '8 4 for the last sale, a person, a telephone number; once more; taken back after a refund',
      expect: 'issued with a slip; shown and printed again, but not taken back before there is a reason; red',
      async play(keypad, system) {
        await system.sell(gross);
        keypad.press('8 4 1');
        await keypad.sees('1 个人');
        keypad.press('1 1 3 8 确认');
        await keypad.sees('手机号为11位数字');
        keypad.press('0 0 1 3 8 0 0 0 确认');
        await keypad.sees('确认开票');
        keypad.press('确认');
        await keypad.sees('请取发票二维码单');
        keypad.press('确认 8 4 1');
        await keypad.sees('已开发票');
        keypad.press('2 1');
        await keypad.sees('打印完成');
        await refund(system, 1_000);
        keypad.press('确认 1');
        await keypad.sees('已开票 需红冲');
        keypad.press('2');
        await keypad.sees('整张红冲原发票');
        keypad.press('确认');
        await keypad.sees('已开红字发票');
      },
    }),
  );
});

describe('完成通知, 交易汇总, 签退, 终端管理', () => {
  scenarios(
    atKeypad({
      given: '7 2 with a sale in the batch, and after its close',
      expect: 'refused first; then signed off, and nothing is sold',
      async play(keypad, system) {
        await system.sell(gross);
        keypad.press('7 2');
        await keypad.sees('现在不能签退');
        await system.closeBatch();
        await system.ready();
        keypad.press('确认');
        keypad.press('取消 取消 取消 7 2');
        await keypad.sees('签退成功');
        expect(system.cashier.status().signedIn).toBe(false);
      },
    }),
    atKeypad({
      given: '7 3 2 and 7 3 3',
      expect: 'the sums of the batch; the sale by its voucher',
      async play(keypad, system) {
        await system.sell(gross);
        keypad.press('7 3 2');
        await keypad.sees('净额          100.00');
        keypad.press('下');
        await keypad.sees('内卡');
        keypad.press('取消 3 9 9 确认');
        await keypad.sees('找不到交易 000099');
      },
    }),
    {
      given: '99 at 7 9 1, 2, 3 and 9',
      expect:
        'the host answers; a parameter that changed comes with the sign-in; the state goes up; nothing has failed',
      async play(system) {
        const keypad = await new Keypad(system).logOn('9 9 确认 1 2 3 4 5 6 7 8 确认');
        keypad.press('7 9 1');
        await keypad.sees('主机应答正常');
        keypad.press('确认 2');
        await keypad.sees('参数没有变化');
        keypad.press('确认');
        const rows = system.wire.rule(({ topic }) => (topic.endsWith('/down/rows') ? 'drop' : undefined));
        await system.host.command({ command: 'set-parameter', name: 'refund.maxDays', value: 30 });
        keypad.press('2');
        await keypad.sees('refund.maxDays');
        rows();
        keypad.press('取消 3');
        await keypad.sees('自检结果已上送');
        keypad.press('确认 9');
        await keypad.sees('没有失败记录');
      },
    },
    atKeypad({
      given: '4 3, the voucher of a hold, an amount',
      expect: 'kept at once, told to the host, booked when it accepts',
      async play(keypad, system) {
        const dialog = {
          signal: new AbortController().signal,
          confirm: async () => true,
          progress: ({ at }: { readonly at: string }) => {
            if (at === 'card') system.devices.reader.present({ pan: '6222021234567890128', expiry: '3012' });
          },
        };
        await system.cashier.preauth(fen(gross), dialog);
        system.devices.reader.takeAway();
        keypad.press(`4 3 ${keysFor(stanOf(system))} 确认`);
        await keypad.sees('请核对原交易');
        keypad.press('确认 9 0 00 确认');
        await keypad.sees('请核对 确认后上送');
        keypad.press('确认');
        await keypad.sees('按任意键返回');
        await system.eventually('booked', () => stateOf(system) === 'COMPLETED');
      },
    }),
  );
});
