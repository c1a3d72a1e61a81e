import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { shanghai } from '../../terminal/base/clock.ts';
import { fen } from '../../terminal/base/money.ts';
import { restoreHome } from '../../terminal/flows/restore-home.ts';
import type { TappedMessage } from '../support/mqtt-tap.ts';
import { type Day, secretOf00 } from './day.ts';
import type { Refusal, Trouble, WireTrouble } from './steps.ts';

const minuteMs = 60_000;

/** What goes wrong, what is done about it, and what is to be refused. */

export async function makeTrouble(day: Day, trouble: Trouble): Promise<void> {
  const { system } = day;
  switch (trouble.do) {
    case 'mood':
      await system.host.fault(trouble.mood);
      return;
    case 'wire':
      return onTheWire(day, trouble.what);
    case 'link-down':
      system.wire.block();
      day.linkIsDown = true;
      await system.eventually('offline', () => day.counter.status().link !== 'online');
      return;
    case 'link-up':
      system.wire.unblock();
      day.linkIsDown = false;
      return;
    case 'host-restarts':
      await system.host.stop();
      await system.host.start();
      return;
    case 'night':
      await system.stopTerminal();
      await system.host.stop();
      await day.clock.advance(trouble.hours * 3_600_000);
      await system.host.start();
      return day.startTerminal();
    case 'back-up': {
      const file = join(system.home, `copy-${day.backups.length}.db`);
      await system.terminal.backUp(file, () => undefined);
      day.backups.push(file);
      return;
    }
    case 'restore': {
      const file = day.backups[trouble.which % Math.max(1, day.backups.length)];
      return file === undefined
        ? undefined
        : bookComesBack(day, (home) => void restoreHome(home, file, system.config, day.clock.now()));
    }
    case 'lose-book':
      return bookComesBack(day, (home) => {
        for (const part of ['', '-wal', '-shm']) rmSync(join(home, `terminal.db${part}`), { force: true });
      });
    case 'refused':
      return refused(day, trouble.what);
  }
}

/** What the host has of it comes back: so first it must have all. An order in doubt would end meanwhile, and make it another book. */
async function bookComesBack(day: Day, replace: (home: string) => void): Promise<void> {
  await passCutOff(day);
  if (day.linkIsDown || !(await day.rests()) || !(await nothingInDoubt(day))) return;
  const before = balances(day);
  await day.system.stopTerminal();
  replace(day.system.terminalHome);
  day.keepsShifts = false;
  await day.startTerminal();
  await day.calm();
  day.states.forget(); // how a book comes back is no change of a state
  if (!(await day.rests())) return;
  day.count('book came back');
  const after = balances(day);
  if (after !== before) throw new Error(`the book came back as another:\n${before}\n${after}`);
}

/** What the clock does by itself must not fall into it. */
async function passCutOff(day: Day): Promise<void> {
  const cutOffMs = Date.parse(`${shanghai(day.clock.now()).day}T23:00:00+08:00`) - day.clock.now();
  if (cutOffMs < 0 || cutOffMs > minuteMs) return;
  await day.clock.advance(minuteMs);
  await day.calm();
}

const nothingInDoubt = ({ system }: Day): Promise<boolean> =>
  system
    .eventually(
      'no order in doubt',
      () => system.count("SELECT count(*) FROM payment WHERE state = 'UNKNOWN'") === 0,
      2_000,
    )
    .then(
      () => true,
      () => false,
    );

const balances = (day: Day): string =>
  JSON.stringify(
    day.system.db
      .prepare(
        `SELECT account, balance_fen FROM balance WHERE balance_fen <> 0
         UNION ALL SELECT no || ' ' || state, amount_fen FROM payment WHERE state NOT IN ('FAILED', 'REVERSED')
         UNION ALL SELECT no || ' ' || state, amount_fen FROM refund UNION ALL SELECT no || ' ' || state, amount_fen FROM settlement ORDER BY 1`,
      )
      .all(),
  );

/** Once, at the next message that it is about. */
function onTheWire(day: Day, what: WireTrouble): void {
  const { wire } = day.system;
  const way = what.includes('rows') ? '/up/rows' : what.includes('request') ? '/up/auth' : '/down/auth';
  const off = wire.rule(({ topic, towards, payload }: TappedMessage) => {
    if (
      !topic.endsWith(way) ||
      (what.includes('approval') && !/"kind":"sale".*"code":"00"|"state":"SUCCESS"/.test(String(payload)))
    )
      return undefined;
    off();
    if (what.includes('frozen')) {
      void freezeNewest(day).then(() => setTimeout(() => wire.inject(towards, topic, payload), 40));
      return 'drop';
    }
    if (what.includes('twice')) {
      setTimeout(() => wire.inject(towards, topic, payload), 30);
      return undefined;
    }
    if (what.includes('breaks')) wire.cut();
    return 'drop';
  });
}

/** Risk is quicker than the answer. */
async function freezeNewest(day: Day): Promise<void> {
  const [newest] = day.system.host.rows('SELECT payment FROM approvals ORDER BY at DESC, payment DESC LIMIT 1');
  if (newest) await day.order({ command: 'freeze', payment: newest['payment'], amountFen: 700 }).catch(() => undefined);
}

/** P-06: whatever is refused moves nothing and leaves one line. Only where nothing else moves. */
async function refused(day: Day, what: Refusal): Promise<void> {
  await day.calm();
  await day.system.supervisor();
  if (day.linkIsDown || !(await day.rests())) return;
  const [before, lines] = [moved(day), refusalLines(day)];
  const code = await day.attempt(`refused ${what}:`, () => refusals[what](day));
  if (!/^[A-Z_]+$/.test(code)) {
    if (code !== 'skipped') throw new Error(`${what} was not refused: ${code}`);
    return;
  }
  if (moved(day) !== before)
    throw new Error(`P-06 ${what} was refused with ${code} and moved something:\n${before}\n${moved(day)}`);
  if (refusalLines(day) !== lines + 1)
    throw new Error(`P-06 ${what} was refused with ${code}: ${refusalLines(day) - lines} lines of audit`);
}

/** What people were refused; a close by the clock that can not begin writes its own line. */
export const refusalLines = (day: Day): number =>
  day.system.count("SELECT count(*) FROM audit WHERE outcome = 'refused' AND by <> 'SYS'");

const moved = (day: Day): string =>
  JSON.stringify(
    day.system.db
      .prepare(
        `SELECT 'entries', count(*), sum(amount_fen) FROM entry UNION ALL SELECT 'outbox', max(seq), 0 FROM outbox
         UNION ALL SELECT no, state, amount_fen FROM payment UNION ALL SELECT no, state, amount_fen FROM refund
         UNION ALL SELECT no, state, amount_fen FROM settlement UNION ALL SELECT no, state, records FROM batch`,
      )
      .all(),
  );

const quiet = () => undefined;
const never = (): AbortSignal => new AbortController().signal;
const easy = { how: 'contactless', foreign: false, yes: true, cancel: 'never' } as const;
const anySale =
  "SELECT no, stan, amount_fen - refunded_fen AS left FROM payment WHERE txn = 'sale' AND state IN ('PAID', 'CLEARED') ORDER BY id DESC";
interface Sale {
  readonly no: string;
  readonly stan: string;
  readonly left: number;
}

const refusals: Readonly<Record<Refusal, (day: Day) => Promise<string>>> = {
  async 'no amount'(day) {
    const { signal, progress, confirm } = day.dialog(easy, never());
    return (await day.counter.sale(fen(0), signal, progress, confirm)).kind;
  },
  'void of nothing': async (day) => (await day.counter.void('999999', secretOf00, day.dialog(easy, never()))).kind,
  async 'void with a wrong secret'(day) {
    const sale = day.pick<Sale>(0, anySale);
    if (!sale || day.wrongSecrets > 0) return 'skipped';
    day.wrongSecrets += 1;
    return (await day.counter.void(sale.stan, '000000', day.dialog(easy, never()))).kind;
  },
  async 'refund without a secret'(day) {
    const sale = day.pick<Sale>(0, anySale);
    if (!sale) return 'skipped';
    return (await day.counter.refunds.refund({ payment: sale.no, amount: fen(1) }, never(), quiet)).kind;
  },
  async 'refund of too much'(day) {
    const sale = day.pick<Sale>(0, anySale);
    if (!sale) return 'skipped';
    const supervisor = await day.system.supervisor();
    return (await supervisor.refunds.refund({ payment: sale.no, amount: fen(sale.left + 1) }, never(), quiet)).kind;
  },
  async 'refund of nothing'(day) {
    const supervisor = await day.system.supervisor();
    return (await supervisor.refunds.find({ by: 'voucher', stan: '999999' }, never())).state;
  },
  async 'settle too much'(day) {
    const supervisor = await day.system.supervisor();
    const offer = supervisor.settlementOffer();
    return (await supervisor.settle(fen(offer.availableFen + 1), offer, never(), quiet)).state;
  },
  async 'settle what is stale'(day) {
    const supervisor = await day.system.supervisor();
    const offer = supervisor.settlementOffer();
    return (await supervisor.settle(fen(1), { ...offer, availableFen: fen(offer.availableFen + 1) }, never(), quiet))
      .state;
  },
  async 'settle twice with another amount'(day) {
    const last = day.pick<{ fen: number }>(
      0,
      `SELECT amount_fen AS fen FROM settlement WHERE idempotency_key = '${day.lastKey}'`,
    );
    if (!last) return 'skipped';
    const supervisor = await day.system.supervisor();
    return (await supervisor.settle(fen(last.fen + 1), supervisor.settlementOffer(), never(), quiet, day.lastKey))
      .state;
  },
};
