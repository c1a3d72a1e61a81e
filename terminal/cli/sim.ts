import * as v from 'valibot';
import { checked } from '../base/refuse.ts';
import { type FaultInfo, linkRequest, type StateAnswer, slipsAnswer, stateAnswer } from '../bench/contract.ts';
import { keysOf } from '../bench/scenario-keys.ts';
import { type ExitStatus, exitStatus, usage } from './failure.ts';
import type { Run } from './run.ts';
import { table } from './table.ts';
import { timeText } from './words.ts';

type Flags = Readonly<Record<string, unknown>>;

const state = async (run: Run): Promise<StateAnswer> => v.parse(stateAnswer, await run.client.get('/sim/state'));

/** Does one thing of the contract, and says that it was done. */
export async function act(run: Run, path: string, body: object): Promise<ExitStatus> {
  const raw = await run.client.post(`/sim${path}`, body, run.step);
  await run.show(raw, () => run.say('完成', 'Done'));
  return exitStatus.ok;
}

export async function presentCard(
  run: Run,
  { name, by, remove }: { readonly name: string | undefined; readonly by: string; readonly remove: boolean },
): Promise<ExitStatus> {
  if (remove) return act(run, '/card/remove', {});
  if (name !== undefined) return act(run, '/card', { name, by });
  const { cards } = await state(run);
  await run.show({ cards }, () =>
    table(
      [run.say('卡名', 'Card'), run.say('说明', 'What it is'), run.say('卡号', 'Number'), run.say('方式', 'By')],
      cards.map((card) => [card.name, run.say(card.zh, card.en), card.masked, card.by.join(' ')]),
    ),
  );
  return exitStatus.ok;
}

export const enterPin = (run: Run, digits: string): Promise<ExitStatus> =>
  act(run, '/pin', digits === 'cancel' ? { cancel: true } : { digits });

export async function showCode(run: Run, name: string | undefined, text: string | undefined): Promise<ExitStatus> {
  if (name !== undefined && text !== undefined)
    throw usage('码名与 --text 只能给一个', 'Give one of a code and --text');
  if (text !== undefined) return act(run, '/code', { text });
  if (name !== undefined) return act(run, '/code', { name });
  const { codes } = await state(run);
  await run.show({ codes }, () =>
    table(
      [run.say('码名', 'Code'), run.say('说明', 'What it is'), run.say('内容', 'Text')],
      codes.map((code) => [code.name, run.say(code.zh, code.en), code.masked]),
    ),
  );
  return exitStatus.ok;
}

export async function pressKeys(run: Run, typed: readonly string[]): Promise<ExitStatus> {
  const keys = keysOf(typed.join(' '));
  for (const key of keys) await run.client.post('/sim/key', { key }, run.step);
  await run.show({ pressed: keys.length }, () => run.say('完成', 'Done'));
  return exitStatus.ok;
}

/** Without a fault: the list of them, of one device or of all. */
export async function armFault(
  run: Run,
  device: string | undefined,
  fault: string | undefined,
  flags: Flags,
): Promise<ExitStatus> {
  if (device !== undefined && fault !== undefined) {
    const { times, probability, value } = flags;
    return act(run, '/fault', {
      device,
      fault,
      ...number('--times', times),
      ...number('--probability', probability),
      ...number('--value', value),
    });
  }
  const { faults, wireFaults, devices } = await state(run);
  const shown = Object.entries(faults).filter(([name]) => device === undefined || name === device);
  const active = devices.flatMap(({ name, faults: armed }) => armed.map((one) => `${name} ${one.fault}`));
  await run.show({ faults: Object.fromEntries(shown), wireFaults }, () =>
    table(
      [run.say('设备', 'Device'), run.say('故障', 'Fault'), run.say('说明', 'What happens'), '--value', ''],
      [
        ...shown.flatMap(([name, list]) => list.map((one) => faultRow(run, name, one, active))),
        ...wireFaults.map((one) => faultRow(run, run.say('任一', 'any'), one, active)),
      ],
    ),
  );
  return exitStatus.ok;
}

const faultRow = (run: Run, device: string, fault: FaultInfo, active: readonly string[]): readonly string[] => [
  device,
  fault.name,
  run.say(fault.zh, fault.en),
  fault.value ? `${fault.value.byDefault} ${fault.value.unit}` : '',
  active.includes(`${device} ${fault.name}`) ? run.say('已注入', 'armed') : '',
];

/** Without what: the state of the link and the faults of the host. */
export async function changeLink(run: Run, what: string | undefined, flags: Flags): Promise<ExitStatus> {
  if (what === 'offline' || what === 'online') return act(run, '/link', { state: what });
  if (what !== undefined) {
    const { times, ms, of, reason, code } = flags;
    const body = { fault: what, ...number('--times', times), ...number('--ms', ms), ...given({ of, reason, code }) };
    return act(run, '/link', checked(linkRequest, body));
  }
  const { link } = await state(run);
  await run.show({ link }, async () => {
    const words = link.cut ? run.say('已断开', 'cut') : link.state;
    const rows = link.faults.map((one) =>
      faultRow(
        run,
        'host',
        one,
        link.active.map((name) => `host ${name}`),
      ),
    );
    return `${run.say('线路', 'Link')} ${words}\n${await table([], rows)}`;
  });
  return exitStatus.ok;
}

export async function showSlips(run: Run, last: string): Promise<ExitStatus> {
  if (!/^[1-9]\d?$/.test(last)) throw usage(`--last 应为 1 至 99: ${last}`, `--last is 1 to 99: ${last}`);
  const { slips } = v.parse(slipsAnswer, await run.client.get('/sim/slips'));
  const shown = slips.slice(-Number(last));
  await run.show({ slips: shown }, () =>
    shown.length === 0
      ? run.say('还没有打印', 'Nothing was printed yet')
      : shown
          .map(
            ({ no, at, lines, cut }) =>
              `#${no} ${timeText(at)}${cut ? '' : run.say(' 未切', ' not cut')}\n${lines.join('\n')}`,
          )
          .join('\n\n'),
  );
  return exitStatus.ok;
}

/** `--times 2` as `{times: 2}`; what was not typed is left out. */
function number(flag: string, typed: unknown): Readonly<Record<string, number>> {
  if (typeof typed !== 'string') return {};
  if (!/^\d+(\.\d+)?$/.test(typed)) throw usage(`${flag} 应为数字: ${typed}`, `${flag} is a number: ${typed}`);
  return { [flag.slice(2)]: Number(typed) };
}

const given = (flags: Flags): Flags =>
  Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
