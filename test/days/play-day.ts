import { checkAtRest, checkInFlight } from '../../scripts/storm/check-books.ts';
import { powerGoesAt } from '../support/power-cut.ts';
import * as counter from './counter-deeds.ts';
import { Day } from './day.ts';
import * as host from './host-deeds.ts';
import { shiftProblems } from './shift-sums.ts';
import { type DayPlan, type Deed, type Step, wordsOf } from './steps.ts';
import { makeTrouble, refusalLines } from './troubles.ts';

/** Plays a day to its end and returns what happened how often. Throws what is wrong, with the step behind which it was seen. */
export async function playDay({ settings, steps }: DayPlan): Promise<ReadonlyMap<string, number>> {
  const day = await Day.open(settings);
  try {
    host.sellElsewhere(day);
    for (const [n, step] of steps.entries()) {
      const about = `behind step ${n + 1}, ${wordsOf(step)}`;
      await playStep(day, step).catch((error: unknown) => {
        throw new Error(`${about}: ${String(error)}`, { cause: error });
      });
      mustBeSound(about, [
        ...checkInFlight(day.system.db, day.system.host.file),
        ...day.states.problems(),
        ...bugs(day),
      ]);
    }
    await endOfDay(day);
    return day.tally;
  } finally {
    await day.end();
  }
}

const bugs = (day: Day): string[] =>
  day.system.bugs.map((bug) => `bug: ${bug instanceof Error ? bug.stack : String(bug)}`);

function mustBeSound(about: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(`${about}:\n${problems.slice(0, 12).join('\n')}`);
}

async function playStep(day: Day, step: Step): Promise<void> {
  if (!isDeed(step)) return makeTrouble(day, step);
  if (host.isOfHost(step)) {
    await atHost(day, step);
    if (step.cutAt === undefined) return;
  }
  await day.calm();
  if (step.cutAt !== undefined) return cutDuring(day, step, step.cutAt);
  const [lines, refusals] = [refusalLines(day), day.refusals];
  await carryOut(day, step, new AbortController().signal);
  // P-06 again: whatever was refused left one line each.
  if (step.do === 'restart') return;
  const [told, were] = [refusalLines(day) - lines, day.refusals - refusals];
  if (told !== were) throw new Error(`P-06 ${were} refusals, ${told} lines of audit`);
}

const troubles = [
  'mood',
  'wire',
  'link-down',
  'link-up',
  'host-restarts',
  'night',
  'back-up',
  'restore',
  'lose-book',
  'refused',
];
const isDeed = (step: Step): step is Deed => !troubles.includes(step.do);

/** The power goes, and comes back; the next step finds whatever the start has made of it. */
async function cutDuring(day: Day, step: Deed, nth: number): Promise<void> {
  // What a host's order causes comes by itself.
  const patienceMs = host.isOfHost(step) || step.do === 'close' || step.do === 'settle' ? 150 : 30;
  const point = await powerGoesAt(day.system, 'any', (face) => carryOut(day, step, face), { nth, patienceMs });
  if (point === undefined) return;
  day.count(`cut ${point}`);
  await day.startTerminal();
}

function atHost(day: Day, step: Deed): Promise<void> {
  switch (step.do) {
    case 'clear':
      return host.clear(day);
    case 'decide':
      return host.decide(day, step.succeeds);
    case 'freeze':
    case 'charge-back':
      return host.freezeOrCharge(day, step);
    case 'unfreeze':
      return host.unfreeze(day, step);
    default:
      throw new Error(`not of the host: ${step.do}`);
  }
}

async function carryOut(day: Day, step: Deed, face: AbortSignal): Promise<void> {
  const work = workOf(day, step, face);
  await day.attempt(step.do, work, () => face.aborted);
  day.hearElsewhere();
  day.system.devices.reader.takeAway();
}

function workOf(day: Day, step: Deed, face: AbortSignal): () => Promise<string> {
  switch (step.do) {
    case 'sale':
    case 'preauth':
      return () => counter.sell(day, step, face);
    case 'stored-sale':
      return () => counter.store(day, step, face);
    case 'code-sale':
      return () => counter.sellByCode(day, step, face);
    case 'void':
    case 'preauth-void':
    case 'completion-void':
      return () => counter.takeBack(day, step, face);
    case 'completion':
      return () => counter.complete(day, step, face);
    case 'advice':
      return () => counter.advise(day, step, face);
    case 'balance':
      return () => counter.balance(day, face);
    case 'refund':
      return () => counter.refund(day, step, face);
    case 'refund-elsewhere':
      return () => counter.refundElsewhere(day, step, face);
    case 'close':
      return () => counter.close(day, face);
    case 'settle':
      return () => counter.settle(day, step, face);
    case 'report':
      return () => counter.report(day, step);
    case 'hand-over':
      return () => counter.handOver(day);
    case 'sign-off':
      return () => counter.signOff(day, face);
    case 'restart':
      return async () => {
        await day.system.stopTerminal();
        await day.startTerminal();
        return 'done';
      };
    default:
      return async () => 'at the host';
  }
}

/** All faults gone, everything decided and drained, a close and its clearing, the shift ended: then all must add up. */
async function endOfDay(day: Day): Promise<void> {
  const { system } = day;
  system.wire.mend();
  await system.host.mend();
  day.linkIsDown = false;
  await decided(day);
  await system.eventually('the last close', async () => {
    await day.attempt('close', () => counter.close(day, new AbortController().signal));
    return day.counter.status().batch?.state === 'OPEN' || day.counter.status().batch === undefined;
  });
  await system.ready();
  while (system.host.count("SELECT count(*) FROM batches WHERE state = 'CLOSED'") > 0) await host.clear(day);
  await decided(day);
  if (day.settings.decisions === 'manual') await host.decide(day, true);
  await day.attempt('hand-over', () => counter.handOver(day));
  await system.eventually('rest', () => day.rests());
  countSettledByItself(day);
  mustBeSound('at the end of the day', [
    ...checkAtRest(system.db, system.host.file),
    ...day.states.problems(),
    ...(day.keepsShifts ? shiftProblems(system.db) : []),
    ...quarantined(day),
    ...bugs(day),
  ]);
}

function countSettledByItself(day: Day): void {
  const settled = day.system.db
    .prepare<[], string>("SELECT mode || ' ' || state FROM settlement WHERE requested_by = 'SYS'")
    .pluck()
    .all();
  for (const what of settled) day.count(`by itself ${what}`);
}

/** Nothing is open any more on either side. */
async function decided(day: Day): Promise<void> {
  await day.system.ready();
  await day.system.eventually('everything decided', async () => {
    await host.decide(day, true);
    await day.rests();
    return (
      day.system.count(`SELECT (SELECT count(*) FROM payment WHERE state IN ('CREATED', 'UNKNOWN', 'STORED', 'REVERSING', 'VOIDING'))
        + (SELECT count(*) FROM refund WHERE state IN ('REQUESTED', 'PROCESSING'))
        + (SELECT count(*) FROM settlement WHERE state IN ('REQUESTED', 'PROCESSING'))`) === 0
    );
  });
}

const quarantined = (day: Day): string[] =>
  day.system.host
    .rows("SELECT kind, code FROM inbox WHERE state IN ('rejected', 'quarantined')")
    .map(({ kind, code }) => `the host set a row ${String(kind)} aside: ${String(code)}`);
