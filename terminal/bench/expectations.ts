import type { BenchClient } from './bench-client.ts';
import type { LedgerAnswer } from './contract.ts';
import type { Expecting } from './scenario.ts';

/** What was so when the file began: what it expects counts from here. */
export interface Beginning {
  readonly slipNo: number;
  readonly wireN: number;
  readonly ledger: LedgerAnswer;
}

export async function beginning(client: BenchClient): Promise<Beginning> {
  const [slips, wire, ledger] = await Promise.all([client.slips(), client.wire(0), client.ledger()]);
  return { slipNo: slips.at(-1)?.no ?? 0, wireN: wire.at(-1)?.n ?? 0, ledger };
}

/** What does not hold now, in words; empty: everything does. Asks only for what is expected. */
export async function missing(expecting: Expecting, client: BenchClient, from: Beginning): Promise<readonly string[]> {
  const { screen, notOnScreen, display, slip, ledger, wire, beep, device } = expecting;
  const found = await Promise.all(
    [
      (screen ?? notOnScreen ?? beep) !== undefined && onScreen(expecting, client),
      display !== undefined && onDisplay(display, client),
      slip && onSlip(slip, client, from),
      ledger && inLedger(ledger, client, from),
      wire && onWire(wire, client, from),
      device && atDevice(device, client),
    ].filter((one) => typeof one === 'object'),
  );
  return found.flat();
}

const list = (texts: string | readonly string[] | undefined): readonly string[] =>
  texts === undefined ? [] : typeof texts === 'string' ? [texts] : texts;

const absentFrom = (where: string, rows: readonly string[], wanted: readonly string[]): readonly string[] =>
  wanted.filter((text) => !rows.some((row) => row.includes(text))).map((text) => `${where}: no ${text}`);

const presentIn = (where: string, rows: readonly string[], unwanted: readonly string[]): readonly string[] =>
  unwanted.filter((text) => rows.some((row) => row.includes(text))).map((text) => `${where}: there is ${text}`);

const differs = (what: string, found: unknown, wanted: unknown): readonly string[] =>
  wanted === undefined || found === wanted ? [] : [`${what}: ${String(found)}, not ${String(wanted)}`];

async function onScreen({ screen, notOnScreen, beep }: Expecting, client: BenchClient): Promise<readonly string[]> {
  const { rows, sound } = await client.screen();
  return [
    ...absentFrom('screen', rows, list(screen)),
    ...presentIn('screen', rows, list(notOnScreen)),
    ...differs('beep', sound.tone, beep),
  ];
}

const onDisplay = async (wanted: string | readonly string[], client: BenchClient): Promise<readonly string[]> =>
  absentFrom('display', await client.display(), list(wanted));

async function onSlip(
  wanted: NonNullable<Expecting['slip']>,
  client: BenchClient,
  { slipNo }: Beginning,
): Promise<readonly string[]> {
  const slips = (await client.slips()).filter(({ no }) => no > slipNo);
  const newest = slips.at(-1);
  const wantsOne = wanted.contains !== undefined || wanted.cut !== undefined;
  return [
    ...differs('slips', slips.length, wanted.count),
    ...(wantsOne && !newest ? ['slip: none came out'] : []),
    ...(newest ? absentFrom('slip', newest.lines, list(wanted.contains)) : []),
    ...presentIn('slip', newest?.lines ?? [], list(wanted.absent)),
    ...(newest ? differs('slip cut', newest.cut, wanted.cut) : []),
  ];
}

async function inLedger(
  wanted: NonNullable<Expecting['ledger']>,
  client: BenchClient,
  { ledger: before }: Beginning,
): Promise<readonly string[]> {
  const { payment, payments, batch, reversalsDue, ok, sumFen } = await client.ledger();
  // A batch that was closed meanwhile counts from nothing.
  const old = batch?.no === before.batch?.no ? before.batch : null;
  return [
    ...differs('payment state', payment?.state, wanted.state),
    ...differs('payment amountFen', payment?.amountFen, wanted.amountFen),
    ...differs('payment code', payment?.code, wanted.code),
    ...differs('payment entry', payment?.entry, wanted.entry),
    ...differs('payment prints', payment?.prints, wanted.prints),
    ...differs('new payments', payments - before.payments, wanted.payments),
    ...differs('batch fen', (batch?.amountFen ?? 0) - (old?.amountFen ?? 0), wanted.batchFen),
    ...differs('batch records', (batch?.records ?? 0) - (old?.records ?? 0), wanted.batchRecords),
    ...differs('reversals due', reversalsDue, wanted.reversalsDue),
    ...differs('ledger adds up', ok, true),
    ...differs('ledger sum', sumFen, 0),
  ];
}

async function onWire(
  wanted: NonNullable<Expecting['wire']>,
  client: BenchClient,
  { wireN }: Beginning,
): Promise<readonly string[]> {
  const events = (await client.wire(wireN)).filter(({ device }) => device === wanted.device);
  const words = (dir: string): readonly string[] => events.filter((one) => one.dir === dir).map((one) => one.words);
  const sent = words('out');
  const matching = sent.filter((one) => list(wanted.out).some((text) => one.includes(text)));
  return [
    ...absentFrom(`${wanted.device} was sent`, sent, list(wanted.out)),
    ...absentFrom(`${wanted.device} said`, words('in'), list(wanted.in)),
    ...presentIn(`${wanted.device} was sent`, sent, list(wanted.notOut)),
    ...differs(`${wanted.device} was sent ${list(wanted.out).join(', ')}`, matching.length, wanted.times),
  ];
}

async function atDevice(wanted: NonNullable<Expecting['device']>, client: BenchClient): Promise<readonly string[]> {
  const { devices } = await client.state();
  const found = devices.find(({ name }) => name === wanted.name);
  return [
    ...differs(`${wanted.name} state`, found?.state, wanted.state),
    ...differs(`${wanted.name} problem`, found?.problem ?? null, wanted.problem),
  ];
}
