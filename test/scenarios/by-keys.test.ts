import { describe, expect } from 'vitest';
import { keysFor } from '../support/keypad.ts';
import { unionPayCard } from '../support/terminal.ts';
import { atKeypad, scenarios } from './scenario.ts';
import { journals, slipTypes, states, totals } from './transactions.ts';

/** Card transactions from the keypad to the books: every key, every page, the real flows and the real host. */

const secret = '1 2 3 4 5 6 确认';

describe('撤销', () => {
  scenarios(
    atKeypad({
      given: 'a sale, its voucher, the original on the screen, 主管密码',
      expect: 'voided, with its own slip; the sale shows as voided',
      async play(keypad, system) {
        const stan = await keypad.pays('1 1 00 00 确认');
        keypad.press(`2 ${keysFor(stan)} 确认`);
        expect(await keypad.sees('请核对原交易')).toMatch(new RegExp(`撤销\n消费 +${stan}[\\s\\S]*622202\\*+0128`));
        keypad.press(`确认 ${secret}`);
        await keypad.leaves('交易成功\n撤销');
        expect(states(system)).toBe('sale VOIDED, void DONE');
        expect(totals(system)).toBe('debit 1/100.00 credit 1/100.00');
        expect(slipTypes(system).slice(-2)).toEqual(['撤销 VOID', '撤销 VOID']);
        keypad.press('功能 1');
        expect(await keypad.sees('末笔交易')).toMatch(/状态 +成功\n原交易已撤销/);
      },
    }),
    atKeypad({
      given: 'a wrong 主管密码, then the right one; then the same voucher once more',
      expect: 'asked again in place; the second void is refused with the state',
      async play(keypad, system) {
        const stan = await keypad.pays('1 1 00 00 确认');
        keypad.press(`2 ${keysFor(stan)} 确认`);
        await keypad.sees('请核对原交易');
        keypad.press('确认 6 5 4 3 2 1 确认');
        await keypad.sees(/密码错误，还可试\d次/);
        keypad.press(secret);
        await keypad.leaves('交易成功\n撤销');
        keypad.press(`2 ${keysFor(stan)} 确认`);
        await keypad.sees('已撤销');
        keypad.press(`确认 ${secret}`);
        await keypad.sees('现在不能撤销');
        expect(states(system)).toBe('sale VOIDED, void DONE');
      },
    }),
    atKeypad({
      given: 'no answer to the void',
      expect: 'unknown in its own words, reversed, and the original stands; the page follows it to the end',
      system: { limits: { hostWaitMs: 700 } },
      async play(keypad, system) {
        const stan = await keypad.pays('1 1 00 00 确认');
        const silence = system.wire.rule(({ topic }) => (topic.endsWith('/down/auth') ? 'drop' : undefined));
        keypad.press(`2 ${keysFor(stan)} 确认`);
        await keypad.sees('请核对原交易');
        keypad.press(`确认 ${secret}`);
        await keypad.sees(/结果未知\n超时,系统将自动冲正\n请勿重复撤销\n撤销 +\d{6}/);
        silence();
        await keypad.sees('未撤销 原交易有效');
        expect(states(system)).toBe('sale PAID, void REVERSED');
      },
    }),
  );
});

describe('预授权', () => {
  scenarios(
    atKeypad({
      given: 'a hold, completed by its voucher without the card, and the completion voided',
      expect: 'held, charged, and held again',
      async play(keypad, system) {
        const hold = await keypad.pays('4 1 2 00 00 确认');
        keypad.press(`4 2 1 ${keysFor(hold)} 确认`);
        expect(await keypad.sees('请核对原交易')).toMatch(/预授权完成\n预授权[\s\S]*已冻结额度[\s\S]*200\.00/);
        keypad.press('确认 1 5 0 00 确认');
        const charged = await keypad.leaves('交易成功\n授权完成');
        expect(totals(system)).toBe('debit 1/150.00 credit 0/0.00');
        keypad.press(`4 5 ${keysFor(charged)} 确认`);
        await keypad.sees('请核对原交易');
        keypad.press(`确认 ${secret}`);
        await keypad.leaves('交易成功\n完成撤销');
        expect(states(system)).toBe('preauth HELD, completion VOIDED, completion-void DONE');
        expect(journals(system)).toBe('J-01 J-02');
        keypad.press(`4 4 ${keysFor(hold)} 确认`);
        await keypad.sees('请核对原交易');
        keypad.press(`确认 ${secret}`);
        await keypad.leaves('交易成功\n授权撤销');
        expect(states(system)).toMatch(/^preauth VOIDED.*preauth-void DONE$/);
      },
    }),
    atKeypad({
      given: 'a hold completed by its authorisation code, with the card',
      expect: 'charged',
      async play(keypad, system) {
        await keypad.pays('4 1 2 00 00 确认');
        const authCode = system.cashier.lastTransaction()?.authCode ?? '';
        expect(authCode).toMatch(/^\d{6}$/);
        await keypad.pays(`4 2 2 ${keysFor(authCode)} 确认 1 5 0 00 确认`, '交易成功\n授权完成');
        expect(totals(system)).toBe('debit 1/150.00 credit 0/0.00');
      },
    }),
    atKeypad({
      given: 'more than 115 % of what is held',
      expect: 'refused with the limit; the amount is typed again, and goes',
      async play(keypad, system) {
        const hold = await keypad.pays('4 1 2 00 00 确认');
        keypad.press(`4 2 1 ${keysFor(hold)} 确认`);
        await keypad.sees('请核对原交易');
        keypad.press('确认 3 00 00 确认');
        await keypad.sees('230.00');
        keypad.press('确认');
        await keypad.sees('请输入金额');
        keypad.press('2 3 0 00 确认');
        await keypad.leaves('交易成功\n授权完成');
        expect(totals(system)).toBe('debit 1/230.00 credit 0/0.00');
      },
    }),
  );
});

describe('what the host answers with instead of yes', () => {
  scenarios(
    atKeypad({
      given: 'half of the amount (…10), accepted',
      expect: 'booked with the half',
      async play(keypad, system) {
        await keypad.card('1 1 0 0 1 0 确认');
        keypad.press('确认');
        expect(await keypad.sees('主机只批准部分')).toMatch(/应收 +100\.10\n批准 +50\.05\n另收 +50\.05/);
        keypad.press('确认');
        await keypad.leaves('应收');
        expect(totals(system)).toBe('debit 1/50.05 credit 0/0.00');
      },
    }),
    atKeypad({
      given: 'half of the amount, refused with 取消',
      expect: 'given back, and the page says so when it is',
      async play(keypad, system) {
        await keypad.card('1 1 0 0 1 0 确认');
        keypad.press('确认');
        await keypad.sees('主机只批准部分');
        keypad.press('取消');
        expect(keypad.text()).toContain('不收部分款,自动冲正');
        await keypad.sees('已冲正 可重新交易');
        expect(states(system)).toBe('sale REVERSED');
      },
    }),
    atKeypad({
      given: 'a discount (…11)',
      expect: 'order amount, discount and payable on the result and before the customer',
      system: { devices: { display: true } },
      async play(keypad, system) {
        await keypad.card('1 1 0 0 1 1 确认');
        keypad.press('确认');
        expect(await keypad.sees('优惠')).toMatch(/交易成功\n消费 [\s\S]*应收 +100\.11\n优惠 +10\.\d\d[\s\S]*90\.\d\d/);
        await system.eventually('the customer sees it', () =>
          /^SAVED +10/.test(system.devices.display.lines()[0] ?? ''),
        );
        expect(states(system)).toBe('sale PAID');
      },
    }),
    atKeypad({
      given: 'a code by SMS (…08): wrong, sent again, right',
      expect: 'approved',
      async play(keypad, system) {
        await keypad.card('1 1 0 0 0 8 确认');
        keypad.press('确认');
        expect(await keypad.sees('请输入验证码')).toMatch(/短信已发至\n.*\*[\s\S]*可试3次/);
        keypad.press('1 1 1 1 1 1 确认');
        await keypad.sees('验证码错 还可试2次');
        keypad.press('下');
        await keypad.sees('请输入验证码');
        keypad.press('2 4 6 8 1 0 确认');
        await keypad.leaves('请取签购单');
        expect(states(system)).toBe('sale PAID');
      },
    }),
    atKeypad({
      given: 'a code that nobody tells',
      expect: 'given up and reversed',
      async play(keypad, system) {
        await keypad.card('1 1 0 0 0 8 确认');
        keypad.press('确认');
        await keypad.sees('请输入验证码');
        keypad.press('取消');
        expect(keypad.text()).toContain('未通过验证,自动冲正');
        await keypad.sees('已冲正 可重新交易');
        expect(states(system)).toBe('sale REVERSED');
      },
    }),
  );
});

describe('余额查询, 离线消费', () => {
  scenarios(
    atKeypad({
      given: '8 3 and a card',
      expect: 'the balance on the screen and before the customer; nothing in the book',
      system: { devices: { display: true } },
      async play(keypad, system) {
        keypad.press('8 3');
        await keypad.sees('请挥卡或刷卡');
        system.devices.reader.present(unionPayCard);
        expect(await keypad.sees('可用余额')).toMatch(/[\d,]+\.\d\d\n按任意键返回/);
        await system.eventually('BALANCE', () =>
          /^BALANCE +[\d,]+\.\d\d$/.test(system.devices.display.lines()[0] ?? ''),
        );
        keypad.press('确认');
        await keypad.sees('1消费');
        expect([states(system), journals(system)]).toEqual(['', '']);
      },
    }),
    atKeypad({
      given: 'no link, 5 1 within the limit and above it',
      expect: 'taken, and refused with the limit named',
      system: { hostParameters: { 'offline.enabled': true } },
      async play(keypad, system) {
        system.wire.block();
        await system.eventually('the terminal sees it', () => system.cashier.status().link !== 'online');
        await keypad.pays('5 1 1 00 00 确认', '离线已受理');
        expect(states(system)).toBe('stored-sale STORED');
        keypad.press('5 1 3 00 00 确认');
        await keypad.sees('限200.00');
        keypad.press('确认');
        await keypad.sees('请输入金额');
        keypad.press('取消 取消');
        system.wire.unblock();
        await system.ready();
        await system.atRest();
        expect(states(system)).toBe('stored-sale PAID');
      },
    }),
  );
});
