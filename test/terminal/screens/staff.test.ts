import { describe, expect, test } from 'vitest';
import { askSupervisor } from '../../../terminal/screens/ask-secret.ts';
import { idle, menu } from '../../../terminal/screens/go.ts';
import { firstState } from '../../../terminal/screens/step.ts';
import { say } from '../../../terminal/screens/texts.ts';
import type { User } from '../../../terminal/users/user.ts';
import { cashier, Desk, nowMs, operator, shift, supervisor } from './desk.ts';

const administrator: User = { no: '99', role: 'A' };
const deskOf = (user: User): Desk => new Desk(idle({ now: nowMs, operator: user, id: 1 }), { operator: user });
const commands = (desk: Desk) => desk.effects.flatMap((effect) => (effect.is === 'run' ? [effect.command] : []));

describe('柜员', () => {
  test.each([
    ['a cashier', cashier, '柜员\n5 操作员改密\n6 交班'],
    ['the supervisor', supervisor, '柜员\n1 主管改密\n2 增加\n3 删除\n4 查询\n5 操作员改密\n6 交班'],
    ['the administrator', administrator, '柜员\n5 操作员改密\n6 交班'],
  ])('%s sees only what works', (_, user, text) => {
    expect(deskOf(user).press('7 4').text().startsWith(text)).toBe(true);
  });

  test.each(['1', '2', '3', '4'])('7 4 %s is nothing for a cashier', (digit) =>
    expect(deskOf(cashier).press(`7 4 ${digit}`).tones()).toEqual(['wrong']),
  );

  test('取消 leads back to 管理', () => expect(deskOf(cashier).press('7 4 取消').text()).toContain('管理'));

  test.each([
    [
      '增加',
      supervisor,
      '7 4 2 0 7 确认 4 7 1 1 确认 4 7 1 1 确认',
      { is: 'add-operator', operator: '07', newSecret: '4711' },
    ],
    [
      '操作员改密',
      supervisor,
      '7 4 5 0 1 确认 4 7 1 1 确认 4 7 1 1 确认',
      { is: 'set-secret', operator: '01', newSecret: '4711' },
    ],
    [
      '主管改密',
      supervisor,
      '7 4 1 1 2 3 4 5 6 确认 6 5 4 3 2 1 确认 6 5 4 3 2 1 确认',
      { is: 'change-secret', secret: '123456', newSecret: '654321' },
    ],
    [
      'a cashier’s own',
      cashier,
      '7 4 5 00 00 确认 4 7 1 1 确认 4 7 1 1 确认',
      { is: 'change-secret', secret: '0000', newSecret: '4711' },
    ],
    [
      'the administrator’s own',
      administrator,
      '7 4 5 1 2 3 4 5 6 7 8 确认 8 7 6 5 4 3 2 1 确认 8 7 6 5 4 3 2 1 确认',
      { is: 'change-secret', secret: '12345678', newSecret: '87654321' },
    ],
  ])('%s', (_, user, keys, command) => {
    const desk = deskOf(user).press(keys);
    expect(commands(desk)).toEqual([command]);
    expect(JSON.stringify(desk.state)).not.toMatch(/4711|654321|87654321|123456/);
    desk.on({ is: 'done', id: 1, result: { of: 'staff' } });
    expect(desk.text()).toContain('已完成');
    expect(desk.wait(2_000).text()).toContain('柜员');
  });

  test('删除 shows who goes, and asks for 主管密码', () => {
    const desk = deskOf(supervisor).press('7 4 3 0 7 确认');
    expect(desk.text()).toMatch(/删除操作员 07\n主管密码 +______/);
    desk.press('1 2 3 4 5 6');
    expect(desk.text()).toContain('******');
    expect(commands(desk.press('确认'))).toEqual([{ is: 'remove-operator', operator: '07', secret: '123456' }]);
    expect(JSON.stringify(desk.state)).not.toContain('123456');
  });

  test.each([
    ['one digit of two', '7 4 2 7 确认', '操作员号为2位数字'],
    ['00', '7 4 2 00 确认', '操作员号为01至98'],
    ['99', '7 4 3 9 9 确认', '操作员号为01至98'],
    ['a short secret', '7 4 2 0 7 确认 4 7 1 确认', '密码为4位数字'],
    ['another one the second time', '7 4 2 0 7 确认 4 7 1 1 确认 4 7 1 2 确认', '两次输入不同'],
    ['the old one again', '7 4 1 1 2 3 4 5 6 确认 1 2 3 4 5 6 确认', '新密码与旧密码相同'],
  ])('%s is refused with a beep and words', (_, keys, words) => {
    const desk = deskOf(supervisor).press(keys);
    expect(desk.text()).toContain(words);
    expect(desk.tones()).toEqual(['wrong']);
    expect(desk.effects.some((effect) => effect.is === 'run')).toBe(false);
  });

  test('what the terminal refuses is said on the page, which begins again', () => {
    const desk = deskOf(supervisor).press('7 4 2 0 1 确认 4 7 1 1 确认 4 7 1 1 确认');
    desk.on({ is: 'failed', id: 1, refusal: { code: 'IDEMPOTENCY_CONFLICT', details: { no: '01' } } });
    expect(desk.text()).toMatch(/增加柜员\n操作员号 +__/);
    expect(desk.text()).toContain('编号01已用于其他内容');
    expect(desk.tones()).toEqual(['error']);
  });

  test('查询 says what keeps one from working', () => {
    const rows = [
      operator({ no: '00', role: 'MO', inShift: false }),
      operator(),
      operator({ no: '02', locked: true }),
      operator({ no: '03', inShift: false, firstSecret: true }),
    ];
    const desk = deskOf(supervisor).press('7 4 4');
    expect(desk.effects).toEqual([{ is: 'read', query: 'operators' }]);
    desk.on({ is: 'answer', answer: { is: 'operators', rows } });
    expect(desk.text()).toMatch(/00 主管\n01 收银员 +班次中\n02 收银员 +已锁定\n03 收银员 +初始密码/);
    expect(desk.press('取消').text()).toContain('柜员');
  });

  test('版本', () => {
    const desk = deskOf(cashier).press('7 8');
    expect(desk.effects).toEqual([{ is: 'read', query: 'version' }]);
    desk.on({ is: 'answer', answer: { is: 'version', version: '1.2.3', schema: 13 } });
    expect(desk.text()).toMatch(/账平 1\.2\.3\n *账本结构 13/);
  });
});

describe('主管密码, for any command', () => {
  const back = menu({ now: nowMs, operator: cashier, id: 1 }, 'main');
  const asking = (): Desk =>
    new Desk(
      askSupervisor(
        { now: nowMs, operator: cashier, id: 1 },
        {
          title: say('title.removeOperator'),
          lines: [say('staff.remove', { operator: '07' })],
          command: { is: 'remove-operator', operator: '07' },
          during: { is: 'waiting', id: 0, what: { is: 'staff' }, back },
          back,
        },
      ),
    );

  test('runs the command with the secret, and keeps none', () => {
    const desk = asking().press('1 2 3 4 5 6 确认');
    expect(desk.effects).toEqual([
      { is: 'run', id: 1, command: { is: 'remove-operator', operator: '07', secret: '123456' } },
    ]);
    expect(desk.state.at).toMatchObject({ is: 'waiting', id: 1 });
    expect(JSON.stringify(desk.state)).not.toContain('123456');
  });

  test.each([
    [{ code: 'SECRET_WRONG', details: { left: 4 } }, '密码错误，还可试4次'],
    [{ code: 'OPERATOR_LOCKED', details: { operator: '00', minutes: 5 } }, '5分钟后再试'],
  ] as const)('asks again in place after %j', (refusal, words) => {
    const desk = asking().press('1 2 3 4 5 6 确认').on({ is: 'failed', id: 1, refusal });
    expect(desk.text()).toMatch(/主管密码 +______/);
    expect(desk.text()).toContain(words);
    expect(desk.press('1 2 3 4 5 6 确认').effects).toHaveLength(1);
  });

  test('any other refusal is read, and leads back', () => {
    const desk = asking().press('1 2 3 4 5 6 确认');
    desk.on({ is: 'failed', id: 1, refusal: { code: 'NOT_FOUND', details: { what: 'operator', no: '07' } } });
    expect(desk.text()).toContain('找不到操作员 07');
    expect(desk.press('确认').text()).toContain('主菜单');
  });

  test.each([
    ['取消', '主菜单'],
    ['1 2 3 确认', '密码为6位数字'],
    ['1 2 3 4 5 6 7', '******'],
    ['1 清除', '______'],
  ])('%s', (keys, text) => expect(asking().press(keys).text()).toContain(text));

  test('is left after a minute', () => expect(asking().press('1').wait(60_000).state.at.is).toBe('idle'));
});

describe('交班', () => {
  const shown = (with_ = {}): Desk =>
    deskOf(cashier)
      .press('7 4 6')
      .on({ is: 'answer', answer: { is: 'shift', shift: shift(with_) } });

  test('shows what the shift came to', () => {
    expect(deskOf(cashier).press('7 4 6').effects).toEqual([{ is: 'read', query: 'shift' }]);
    expect(shown({ undecided: 2 }).text().split('\n')).toEqual([
      '交班',
      '自 11-20 07:00',
      '借 12       1,123.00',
      '贷 0            0.00',
      '未定2笔 计下班次',
      '按1 交班并打印',
      '1,123.00',
      '确认 交班  取消 返回',
    ]);
    expect(shown().press('下').text()).toMatch(/消费 +12笔\n挥卡 +1,123.00/);
    expect(shown().press('下 下').text()).toContain('自 11-20');
  });

  test.each([
    ['确认', false],
    ['1', true],
  ])('%s ends it', (keys, print) => {
    const desk = shown().press(keys);
    expect(commands(desk)).toEqual([{ is: 'hand-over', print }]);
    desk.on({ is: 'status', operator: undefined });
    desk.on({ is: 'done', id: 1, result: { of: 'hand-over', printProblem: undefined } });
    expect(desk.text()).toMatch(/^操作员登录\n操作员号 +__/);
    expect(desk.text()).toContain('已交班');
  });

  test('取消 does not', () => expect(shown().press('取消').text()).toContain('柜员'));

  test('a slip that did not come out does not keep it open', () => {
    const desk = shown().press('1').on({ is: 'status', operator: undefined });
    desk.on({ is: 'done', id: 1, result: { of: 'hand-over', printProblem: 'PAPER_OUT' } });
    expect(desk.text()).toMatch(/已交班\n汇总单未打印/);
    expect(desk.on({ is: 'status', operator: undefined }).text()).toContain('已交班');
    expect(desk.press('确认').state.at.is).toBe('log-on');
  });

  test.each([
    ['the supervisor', supervisor],
    ['the administrator', administrator],
  ])('%s has no shift and only logs off', (_, user) =>
    expect(commands(deskOf(user).press('7 4 6'))).toEqual([{ is: 'hand-over', print: false }]),
  );

  test('a full disk refuses it in words', () => {
    const desk = shown().press('确认');
    desk.on({ is: 'failed', id: 1, refusal: { code: 'DISK_FULL', details: {} } });
    expect(desk.text()).toContain('磁盘已满');
    expect(desk.press('确认').text()).toContain('柜员');
  });

  test('6 5 prints the totals so far', () => {
    const desk = deskOf(cashier).press('6 5');
    expect(commands(desk)).toEqual([{ is: 'print-shift' }]);
    expect(desk.on({ is: 'done', id: 1, result: { of: 'print-shift' } }).text()).toContain('打印完成');
  });
});

describe('a locked terminal', () => {
  const locked = (): Desk => deskOf(cashier).press('7 7').on({ is: 'status', operator: undefined });

  test.each(['取消', '取消 取消', '0 1 取消'])('%s does not unlock the page', (keys) =>
    expect(locked().press(keys).text()).toMatch(/^终端已锁定\n操作员号 +__/),
  );

  test('nor does a minute', () => expect(locked().press('1').wait(60_000).text()).toMatch(/^终端已锁定/));

  test('another operator is refused in words', () => {
    const desk = locked().press('取消 0 2 确认 00 00 确认');
    desk.on({ is: 'failed', id: 1, refusal: { code: 'FORBIDDEN', details: { operator: '02', action: 'unlock' } } });
    expect(desk.text()).toContain('终端已锁定');
    expect(desk.text()).toContain('操作员02无权解锁终端');
  });
});

describe('a first secret', () => {
  const asked = (): Desk => {
    const desk = new Desk(firstState.at, { operator: undefined }).press('0 1 确认 00 00 确认');
    return desk.on({ is: 'failed', id: 1, refusal: { code: 'ILLEGAL_STATE', details: { state: 'FIRST_SECRET' } } });
  };

  test('is replaced before anything else', () => {
    const desk = asked();
    expect(desk.text()).toMatch(/^请改初始密码\n操作员号 +01\n新密码 +____/);
    desk.on({ is: 'status', operator: undefined });
    const command = { is: 'log-on', operator: '01', secret: '0000', newSecret: '4711' };
    expect(commands(desk.press('4 7 1 1 确认 4 7 1 1 确认'))).toEqual([command]);
    desk.on({ is: 'status', operator: cashier }).on({ is: 'done', id: 2, result: { of: 'log-on' } });
    expect(desk.state.at.is).toBe('idle');
    expect(JSON.stringify(desk.state)).not.toMatch(/0000|4711/);
  });

  test.each([
    ['the same one', '00 00 确认', '新密码与旧密码相同'],
    ['取消', '取消', '操作员登录'],
  ])('%s', (_, keys, text) => expect(asked().press(keys).text()).toContain(text));

  test('left for a minute it is log-on again', () =>
    expect(asked().press('4').wait(60_000).state.at).toEqual(firstState.at));
});
