import { isRequest } from '../scenarios/scenario.ts';
import type { Case } from './cases.ts';
import type { Page } from './page.ts';
import { type Played, playSale } from './play-sale.ts';
import type { Scene } from './scene.ts';
import { verdict } from './verdict.ts';

/** Undefined: the customer was charged once or not at all, the screen said which, and the next sale works. Else what a person needs to find out why. */
export async function playCase(scene: Scene, one: Case): Promise<string | undefined> {
  scene.reseed(Buffer.from(one.name).reduce((seed, byte) => (seed * 31 + byte) >>> 0, 7));
  const amountFen = scene.nextAmountFen(one.ending);
  const wireFrom = scene.bench.wire(undefined, 1, 0)[0]?.n ?? 0;
  const problems: string[] = [];
  let pages: readonly Page[] = [];
  try {
    const played = await playWithFault(scene, one, amountFen);
    pages = played.pages;
    problems.push(...(played.stuck ? [played.stuck] : []), ...violations(scene, one));
    await scene.mend();
    const books = scene.books(amountFen);
    problems.push(...verdict(books, pages));
    if (books.host + books.terminal + books.failed > 0)
      problems.push(...(await lastTransaction(scene, books.host > 0)));
    problems.push(...(await nextSale(scene)));
  } catch (error) {
    problems.push(wordsOf(error));
  }
  problems.push(...scene.system.bugs.splice(0).map((bug) => `a bug: ${wordsOf(bug)}`));
  if (problems.length === 0) return undefined;
  return [
    `✗ ${one.name}`,
    ...problems.map((text) => `  ${text}`),
    ...whatWasSeen(scene, pages, amountFen, wireFrom),
  ].join('\n');
}

const wordsOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

async function playWithFault(scene: Scene, one: Case, amountFen: number): Promise<Played> {
  const { at, card, by, cancelAt, fault } = one;
  let armed: Promise<void> | undefined;
  const arm = (): Promise<void> | undefined => {
    if (armed) return undefined;
    armed = armFault(scene, one);
    return armed;
  };
  const off = scene.system.wire.rule(({ topic, payload }) => {
    if (at === 'asked' && isRequest(topic, payload, 'sale')) void arm();
    return undefined;
  });
  const played = await playSale(scene, {
    amountFen,
    card,
    by,
    onPage: ({ is }) => (is === at ? arm() : undefined),
    hostNeedsTime: fault === undefined || 'link' in fault,
    ...(cancelAt && { cancelAt }),
  });
  off();
  await armed;
  return armed || played.stuck ? played : { ...played, stuck: `it never came to ${at}` };
}

async function armFault({ bench }: Scene, { fault, times }: Case): Promise<void> {
  if (!fault) return;
  if ('link' in fault) await bench.link(fault.link);
  else bench.fault({ ...fault, ...(Number.isFinite(times) && { times }) });
}

/** With these on its wire any driver looks bad. */
const changesWhatIsSent: readonly string[] = ['flipped-bit-out', 'dropped-byte-out', 'wrong-baud'];

function violations(scene: Scene, { fault }: Case): readonly string[] {
  const excused = fault && 'device' in fault && changesWhatIsSent.includes(fault.fault) ? fault.device : undefined;
  return scene
    .violations()
    .filter(({ device }) => device !== excused)
    .map(({ device, text }) => `violation: ${device}: ${text}`);
}

/** What is a key away at any time: 功能 1 查询末笔. */
async function lastTransaction(scene: Scene, isCharged: boolean): Promise<readonly string[]> {
  for (const key of ['cancel', 'cancel', 'function', '1'] as const) scene.runner.key(key);
  const { is, said, text } = scene.page();
  return is === 'last' && said === (isCharged ? 'charged' : 'not-charged') ? [] : [`查询末笔 says ${text}`];
}

/** Whatever happened, the terminal sells again, and says so. */
async function nextSale(scene: Scene): Promise<readonly string[]> {
  for (const key of ['cancel', 'cancel', 'cancel'] as const) scene.runner.key(key);
  const amountFen = scene.nextAmountFen();
  const { pages, stuck } = await playSale(scene, { amountFen, card: 'cdcvm', by: 'contactless' });
  const { host, terminal } = scene.books(amountFen);
  if (!stuck && host === 1 && terminal === 1 && pages.some(({ is }) => is === 'approved')) return [];
  return [`the next sale did not go: ${stuck ?? ''}`, ...pages.map(({ text }) => `  ${text}`)];
}

const shownWire = 25;

function whatWasSeen(scene: Scene, pages: readonly Page[], amountFen: number, wireFrom: number): readonly string[] {
  const { host, terminal, undecided } = scene.books(amountFen);
  const wire = scene.bench.wire(undefined, shownWire, wireFrom);
  return [
    `  the books: charged ${host} times at the host, ${terminal} times at the terminal ${undecided.join(' ')}`,
    '  the screens of the sale:',
    ...pages.map(({ text }) => `    ${text}`),
    '  the wires at last:',
    ...wire.map(({ n, device, dir, words }) => `    ${n} ${device} ${dir} ${words}`),
    `  now: ${scene.whatIs()}`,
  ];
}
