import * as v from 'valibot';
import { formatYuan } from '../base/money.ts';
import { type OperatorAnswer, operatorsAnswer, type ShiftAnswer, shiftsAnswer } from './contract.ts';
import { confirm, credentials } from './credentials.ts';
import { type ExitStatus, exitStatus, usage } from './failure.ts';
import { newSecret, newSecrets } from './new-secret.ts';
import type { Run } from './run.ts';
import { table } from './table.ts';
import { timeText } from './words.ts';

const roles: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  C: { zh: '收银员', en: 'cashier' },
  MO: { zh: '主管', en: 'supervisor' },
  A: { zh: '系统管理员', en: 'administrator' },
};

/** `pos operator list`. */
export async function listOperators(run: Run): Promise<ExitStatus> {
  const raw = await run.client.get('/operators');
  const { operators } = v.parse(operatorsAnswer, raw);
  const head = [run.say('操作员', 'No'), run.say('角色', 'Role'), run.say('状态', 'State')];
  await run.show(raw, () =>
    operators.length === 0
      ? run.say('没有操作员，请用 pos init', 'No operators; use pos init')
      : table(
          head,
          operators.map((one) => [one.no, roles[one.role]?.[run.language] ?? one.role, standing(one, run)]),
        ),
  );
  return exitStatus.ok;
}

const standing = (one: OperatorAnswer, run: Run): string =>
  [
    one.locked ? run.say('已锁定', 'locked') : '',
    one.inShift ? run.say('班次中', 'in shift') : '',
    one.firstSecret ? run.say('未改初始密码', 'first secret') : '',
  ]
    .filter(Boolean)
    .join(' ');

/** `pos operator add NN`: with a first secret, which the operator replaces at the first log-on. */
export async function addOperator(run: Run, typed: string, file: string | undefined): Promise<ExitStatus> {
  const no = cashierNo(typed);
  const who = await credentials(run);
  const raw = await run.client.post('/operators', { ...who, no, newSecret: await newSecret(run, no, file) }, run.step);
  await run.show(raw, () => run.say(`已增加操作员 ${no}`, `Operator ${no} was added`));
  return exitStatus.ok;
}

/** `pos operator remove NN`: ends the operator's shift. */
export async function removeOperator(run: Run, typed: string): Promise<ExitStatus> {
  const no = cashierNo(typed);
  await confirm(run, {
    what: run.say(`删除操作员 ${no}`, `Remove operator ${no}`),
    how: run.say(`确认请输入 ${no}`, `Type ${no}`),
    word: no,
  });
  const raw = await run.client.post(`/operators/${no}/remove`, await credentials(run), run.step);
  await run.show(raw, () => run.say(`已删除操作员 ${no}`, `Operator ${no} was removed`));
  return exitStatus.ok;
}

/** `pos operator passwd [NN]`: one's own; 00 gives another one a first secret. */
export async function changeSecret(run: Run, typed: string | undefined, file: string | undefined): Promise<ExitStatus> {
  const who = await credentials(run);
  const no = typed === undefined ? who.operator : operatorNo(typed);
  const body = { ...who, newSecret: await newSecret(run, no, file) };
  const raw = await run.client.post(`/operators/${no}/secret`, body, run.step);
  await run.show(raw, () => run.say(`操作员 ${no} 的密码已改`, `The secret of operator ${no} was changed`));
  return exitStatus.ok;
}

/** `pos operator unlock NN`: lifts a lock-out after wrong secrets. */
export async function unlockOperator(run: Run, typed: string): Promise<ExitStatus> {
  const no = operatorNo(typed);
  const raw = await run.client.post(`/operators/${no}/unlock`, await credentials(run), run.step);
  await run.show(raw, () => run.say(`操作员 ${no} 已解锁`, `Operator ${no} is no longer locked`));
  return exitStatus.ok;
}

/** `pos init`: the first operators of a real terminal, 00 and 99, by whoever owns the socket. */
export async function init(run: Run, file: string | undefined): Promise<ExitStatus> {
  const [supervisor, administrator] = await newSecrets(run, ['00', '99'], file);
  const raw = await run.client.post('/init', { supervisor, administrator }, run.step);
  await run.show(raw, () =>
    run.say(
      '已建立 00 主管、99 系统管理员；请用 00 增加收银员: pos operator add 01',
      '00 and 99 were made; add cashiers as 00: pos operator add 01',
    ),
  );
  return exitStatus.ok;
}

/** `pos shift list`. */
export async function listShifts(run: Run, limit: number): Promise<ExitStatus> {
  const raw = await run.client.get(`/shifts?limit=${limit}`);
  const { shifts } = v.parse(shiftsAnswer, raw);
  const head = [
    run.say('班次', 'Shift'),
    run.say('操作员', 'Operator'),
    run.say('开始', 'From'),
    run.say('结束', 'To'),
    run.say('借记', 'Debit'),
    '',
    run.say('贷记', 'Credit'),
    '',
    run.say('净额', 'Net'),
    run.say('未定', 'Undecided'),
  ];
  await run.show(raw, () =>
    shifts.length === 0 ? run.say('没有班次', 'No shifts') : table(head, shifts.map(shiftRow), [0, 4, 5, 6, 7, 8, 9]),
  );
  return exitStatus.ok;
}

const shiftRow = (shift: ShiftAnswer): readonly string[] => [
  String(shift.id),
  shift.operator,
  timeText(shift.begunAt),
  shift.endedAt === undefined ? '-' : timeText(shift.endedAt),
  String(shift.debitCount),
  formatYuan(shift.debitFen),
  String(shift.creditCount),
  formatYuan(shift.creditFen),
  formatYuan(shift.netFen),
  String(shift.undecided),
];

/** `pos shift print [ID]`: without a number the open shift of who asks. */
export async function printShift(run: Run, typed: string | undefined): Promise<ExitStatus> {
  if (typed !== undefined && !/^[1-9]\d{0,8}$/.test(typed))
    throw usage(`班次号应为数字: ${typed}`, `A shift has a number: ${typed}`);
  const body = { ...(await credentials(run)), ...(typed !== undefined && { shift: Number(typed) }) };
  const raw = await run.client.post('/shifts/print', body, run.step);
  await run.show(raw, () => run.say('操作员汇总已打印', 'The operator totals were printed'));
  return exitStatus.ok;
}

export function operatorNo(typed: string): string {
  if (!/^\d{2}$/.test(typed)) throw usage(`操作员号应为两位数字: ${typed}`, `An operator has two digits: ${typed}`);
  return typed;
}

function cashierNo(typed: string): string {
  const no = operatorNo(typed);
  if (no === '00' || no === '99') throw usage(`操作员号应为 01 至 98: ${no}`, `Operators are 01 to 98: ${no}`);
  return no;
}
