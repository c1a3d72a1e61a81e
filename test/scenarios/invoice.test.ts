import { describe, expect } from 'vitest';
import type { CrashPoint } from '../../terminal/base/crash-points.ts';
import { fen } from '../../terminal/base/money.ts';
import { doctor } from '../../terminal/flows/doctor.ts';
import type { InvoiceOrder, InvoiceOutcome } from '../../terminal/flows/invoice-desk.ts';
import { cutPowerAt, powerCutWhen } from '../support/power-cut.ts';
import { refusal } from '../support/refusal.ts';
import type { TestSystem } from '../support/terminal.ts';
import { journals, paymentNo, refund } from './books.ts';
import { scenarios } from './scenario.ts';
import { sale, takeBack } from './transactions.ts';

const gross = 10_000;
const silent = () => undefined;
const soon = () => new AbortController().signal;

/** The cashier makes out an invoice of the n-th payment, for a person with a telephone unless told. */
function invoice(
  system: TestSystem,
  { n = 1, signal = soon(), ...change }: Partial<InvoiceOrder> & { n?: number; signal?: AbortSignal } = {},
): Promise<InvoiceOutcome> {
  const order = { titleKind: 'personal', title: '张三', phone: '13800000000', ...change } as const;
  return system.cashier.invoices.issue({ payment: paymentNo(system, n), ...order }, signal, silent);
}

const red = (system: TestSystem, no: string): Promise<InvoiceOutcome> =>
  system.cashier.invoices.red(no, soon(), silent);

/** `blue SENT 100.00, red SENT 100.00`, the oldest first. */
const all = (system: TestSystem): string =>
  system.cashier.invoices
    .list(10)
    .map(({ kind, state, amountFen, redDue }) => `${kind} ${state} ${amountFen / 100}${redDue ? ' due' : ''}`)
    .toReversed()
    .join(', ');

const sent = (system: TestSystem, expected: string) => system.eventually(expected, () => all(system) === expected);

const slip = (system: TestSystem): string => system.slips().at(-1)?.join('\n') ?? '';
const dueAtDoctor = async (system: TestSystem): Promise<string | undefined> =>
  (await doctor(system.terminal.world)).checks.find(({ name }) => name === 'invoices')?.detail;

describe('开具发票 (B-040, B-041)', () => {
  scenarios(
    {
      given: 'a sale, and a company that wants an invoice',
      expect:
        'issued by the host under its number and sent; a slip with its QR; nothing is posted; a second is refused',
      async play(system) {
        const { stan } = await sale(system, gross);
        const moved = journals(system);
        expect(await system.cashier.invoices.offer(stan)).toMatchObject({ amountFen: gross, issued: undefined });
        const steps: string[] = [];
        const ended = await system.cashier.invoices.issue(
          {
            payment: paymentNo(system),
            titleKind: 'company',
            title: '某某科技有限公司',
            taxNo: '91110000MA00000001',
            email: 'fp@example.cn',
          },
          soon(),
          ({ at }) => steps.push(at),
        );
        expect(ended).toMatchObject({
          kind: 'issued',
          invoice: { invoiceNo: 'I0000000001', amountFen: gross, stan },
          printProblem: undefined,
        });
        expect(steps).toEqual(['sending', 'printing']);
        await sent(system, 'blue SENT 100');
        expect(journals(system)).toBe(moved);
        expect(slip(system)).toMatch(
          /电子发票[\s\S]*I0000000001[\s\S]*某某科技有限公司[\s\S]*RMB 100.00[\s\S]*fp@example/,
        );
        expect(system.devices.printer.slips.at(-1)?.qr).toEqual(['https://fp.example.cn/I0000000001']);
        expect(await system.cashier.invoices.offer(stan)).toMatchObject({ issued: { invoiceNo: 'I0000000001' } });
        expect(await refusal(() => invoice(system))).toBe('ALREADY_INVOICED');
        expect(await dueAtDoctor(system)).toBeUndefined();
      },
    },
    {
      given: 'what is paid in other ways, less than asked, and what is not paid at all',
      expect:
        'the amount is what the customer paid, as the host has it; TXN_NOT_PAID for the rest, one audit line each',
      async play(system) {
        await sale(system, 10_011); // a discount: 90.10 are paid
        const { stan } = await sale(system, 20_000);
        await takeBack(system, 'void', stan);
        await system.sell(10_051); // declined
        expect(await invoice(system)).toMatchObject({ kind: 'issued', invoice: { amountFen: 9_010 } });
        const before = system.count("SELECT count(*) FROM audit WHERE outcome = 'refused'");
        for (const n of [2, 3, 4]) expect(await refusal(() => invoice(system, { n }))).toBe('TXN_NOT_PAID');
        expect(await refusal(() => invoice(system, { payment: 'NOBODY' }))).toBe('TXN_NOT_PAID');
        expect(system.count("SELECT count(*) FROM audit WHERE outcome = 'refused'")).toBe(before + 4);
        expect(await refusal(() => system.cashier.invoices.offer('999999'))).toBe('NOT_FOUND');
        expect(await refusal(() => system.cashier.invoices.offer(stan))).toBe('TXN_NOT_PAID');
        expect(all(system)).toMatch(/^blue (ISSUED|SENT) 90.1$/);
      },
    },
    {
      given: 'the tax office fails, then it works again',
      expect: 'FAILED with its reason; asked for again it is another number; no slip of the first',
      async play(system) {
        await sale(system, gross);
        await system.host.fault({ kind: 'invoice-fail', reason: 'TAX_OFFICE_DOWN' });
        const slips = system.slips().length;
        const failed = await invoice(system);
        expect(failed).toMatchObject({ kind: 'failed', reason: 'TAX_OFFICE_DOWN' });
        expect(system.slips()).toHaveLength(slips);
        expect(await refusal(() => system.cashier.invoices.reprint(failed.invoice.no, soon()))).toBe('ILLEGAL_STATE');
        expect(await invoice(system)).toMatchObject({ kind: 'issued' });
        await sent(system, 'blue FAILED 100, blue SENT 100');
      },
    },
    {
      given: 'the host has another amount than this terminal',
      expect: 'it refuses the amount; nothing is issued, and it may be asked for again',
      async play(system) {
        await system.earn(gross);
        system.host.tamper(`UPDATE approvals SET amount_fen = amount_fen - 1`);
        expect(await invoice(system)).toMatchObject({ kind: 'refused', reason: 'INVALID_AMOUNT' });
        system.host.tamper(`UPDATE approvals SET amount_fen = amount_fen + 1`);
        expect(await invoice(system)).toMatchObject({ kind: 'issued' });
        await sent(system, 'blue FAILED 100, blue SENT 100');
      },
    },
    {
      given: 'no paper',
      expect: 'issued all the same; printed later it is no duplicate, printed twice it is',
      async play(system, clock) {
        await sale(system, gross);
        system.devices.printer.set({ paper: 'out' });
        const ended = await invoice(system);
        expect(ended).toMatchObject({ kind: 'issued', printProblem: 'PAPER_OUT' });
        const { no } = ended.invoice;
        expect(await refusal(() => system.cashier.invoices.reprint(no, soon()))).toBe('PAPER_OUT');
        system.devices.printer.set({ paper: 'ok' });
        await clock.advance(5_000); // it is asked now and again
        await system.eventually('paper', () => system.cashier.status().printerProblem === undefined);
        await system.cashier.invoices.reprint(no, soon());
        await system.cashier.invoices.reprint(no, soon());
        expect(slip(system)).toContain('重打印/DUPLICATED');
        expect(system.cashier.invoices.byNo(no)).toMatchObject({ prints: 2 });
      },
    },
  );
});

describe('红冲 (B-041)', () => {
  scenarios(
    {
      given: 'part of an invoiced sale is given back',
      expect: 'list and doctor say that a red one is due; taken back whole, then a new one of what is left',
      async play(system) {
        await system.earn(gross, 30_000);
        const { invoice: blue } = await invoice(system);
        expect(await refusal(() => red(system, blue.no))).toBe('ILLEGAL_STATE');
        await refund(system, 4_000);
        await sent(system, 'blue SENT 100 due');
        expect(await dueAtDoctor(system)).toBe('1');
        expect(await refusal(() => invoice(system))).toBe('ALREADY_INVOICED');
        const moved = journals(system);
        expect(await red(system, blue.no)).toMatchObject({ kind: 'issued', invoice: { kind: 'red', of: blue.no } });
        expect(slip(system)).toMatch(/红字电子发票[\s\S]*I0000000002[\s\S]*I0000000001[\s\S]*RMB -100.00/);
        expect(await invoice(system)).toMatchObject({ kind: 'issued', invoice: { amountFen: 6_000 } });
        await sent(system, 'blue RED 100, red SENT 100, blue SENT 60');
        expect(await dueAtDoctor(system)).toBeUndefined();
        expect(journals(system)).toBe(moved);
      },
    },
    {
      given: 'an invoiced sale is voided on the same day',
      expect: 'a red one is due, and the host issues it; nothing is left for a new one',
      async play(system) {
        const { stan } = await sale(system, gross);
        const { invoice: blue } = await invoice(system);
        await takeBack(system, 'void', stan);
        await sent(system, 'blue SENT 100 due');
        expect(await red(system, blue.no)).toMatchObject({ kind: 'issued' });
        expect(await refusal(() => invoice(system))).toBe('TXN_NOT_PAID');
        await sent(system, 'blue RED 100, red SENT 100');
      },
    },
    {
      given: 'a void that is refused',
      expect: 'the invoice stands, and none is due',
      async play(system) {
        const { stan } = await sale(system, gross);
        await invoice(system);
        await system.host.command({ command: 'freeze', payment: paymentNo(system) });
        await system.atRest();
        expect(await refusal(() => takeBack(system, 'void', stan))).toBe('RISK_BLOCKED');
        await sent(system, 'blue SENT 100');
      },
    },
  );
});

describe('an instruction outlives link, screen and power', () => {
  scenarios(
    {
      given: 'no link',
      expect: 'the screen is left; it goes up when the link is back, and the result comes down by itself',
      async play(system) {
        await sale(system, gross);
        await system.atRest();
        system.wire.block();
        await system.eventually('the terminal sees it', () => system.cashier.status().link !== 'online');
        const face = new AbortController();
        const left = invoice(system, { signal: face.signal });
        await system.eventually('asked for', () => all(system) === 'blue REQUESTED 100');
        face.abort();
        expect(await left).toMatchObject({ kind: 'continues' });
        expect(await refusal(() => invoice(system))).toBe('ALREADY_INVOICED');
        system.wire.unblock();
        await sent(system, 'blue SENT 100');
        const [made] = system.cashier.invoices.list(1);
        expect(made?.prints).toBe(0);
        await system.cashier.invoices.reprint(made?.no ?? '', soon());
        expect(slip(system)).not.toContain('DUPLICATED');
      },
    },
    {
      given: 'the power goes before the result, here and at the host',
      expect: 'one invoice, whatever was lost; pressed again with its key it is the same',
      async play(system) {
        await sale(system, gross);
        const through = system.wire.rule(({ towards, topic }) =>
          towards === 'client' && topic.endsWith('/down/rows') ? 'drop' : undefined,
        );
        const face = new AbortController();
        const left = invoice(system, { signal: face.signal, key: 'press-0001' });
        await system.eventually('the host has it', () => system.host.count('SELECT count(*) FROM invoices') === 1);
        await powerCutWhen(system, 'it is asked for', () => all(system) === 'blue REQUESTED 100', face);
        expect(await left).toMatchObject({ kind: 'continues' });
        await system.host.stop();
        await system.startTerminal();
        expect(all(system)).toBe('blue REQUESTED 100');
        through();
        await system.host.start();
        await system.ready();
        await sent(system, 'blue SENT 100');
        expect(await invoice(system, { key: 'press-0001' })).toMatchObject({ kind: 'issued' });
        expect(await refusal(() => invoice(system, { key: 'press-0001', title: '李四' }))).toBe('IDEMPOTENCY_CONFLICT');
        expect(system.host.count('SELECT count(*) FROM invoices')).toBe(1);
        expect(system.count('SELECT count(*) FROM invoice')).toBe(1);
      },
    },
    {
      given: 'the host says a result again, as another row',
      expect: 'it changes nothing',
      async play(system) {
        await sale(system, gross);
        const { invoice: made } = await invoice(system);
        await sent(system, 'blue SENT 100');
        await system.atRest();
        await system.host.stop();
        for (const outcome of ['accepted', 'succeeded']) {
          system.host.tamper(`INSERT INTO outbox (stream, seq, kind, id, body)
            SELECT stream, (SELECT down_highest + 1 FROM stream), kind, id || ':again', body FROM outbox WHERE id = '${made.no}:${outcome}'`);
          system.host.tamper('UPDATE stream SET down_highest = down_highest + 1');
        }
        await system.host.start();
        await system.atRest();
        expect(system.count('SELECT applied_down FROM link_state')).toBe(
          system.host.count('SELECT down_highest FROM stream'),
        );
        expect(all(system)).toBe('blue SENT 100');
        expect(system.count("SELECT count(*) FROM audit WHERE action = 'invoice-result'")).toBe(2);
      },
    },
  );
});

describe('power cut at each commit', () => {
  const cuts: readonly [CrashPoint, afterwards: string][] = [
    ['invoice.in-request', ''],
    ['invoice.after-request', 'blue SENT 100'],
    ['invoice.in-result', 'blue SENT 100'],
    ['invoice.after-result', 'blue SENT 100'],
  ];
  scenarios(
    ...cuts.map(([point, expected]) => ({
      given: point,
      expect: expected || 'it was never asked for',
      async play(system: TestSystem) {
        await sale(system, gross);
        await cutPowerAt(system, point, (signal) => invoice(system, { signal }));
        await sent(system, expected);
        expect(system.host.count('SELECT count(*) FROM invoices')).toBe(expected === '' ? 0 : 1);
        if (expected === '') expect(await invoice(system)).toMatchObject({ kind: 'issued' });
      },
    })),
  );
});

describe('the customer’s title code under the scanner', () => {
  const scanned = (text: string) => (system: TestSystem) => {
    setImmediate(() => system.devices.scanner.trigger(text));
    return system.cashier.invoices.scanTitle(soon());
  };
  scenarios(
    {
      given: 'a code, something that is none, and nothing',
      expect: 'title and tax number; refused with one audit line; 取消 ends the wait',
      system: { devices: { scanner: true } },
      async play(system) {
        expect(await scanned('$01YTwvPjEyMzQ1Njc4OTAxMjM0NTwvPjwvPjwvPjM4N0Q=$')(system)).toEqual({
          kind: 'scanned',
          title: { title: 'a', taxNo: '123456789012345' },
        });
        expect(await refusal(() => scanned('134567890123456789')(system))).toBe('BAD_REQUEST');
        const face = new AbortController();
        const waiting = system.cashier.invoices.scanTitle(face.signal);
        face.abort();
        expect(await waiting).toEqual({ kind: 'stopped', why: 'cancelled' });
      },
    },
    {
      given: 'no scanner',
      expect: 'DEVICE_ABSENT',
      async play(system) {
        expect(await refusal(() => system.cashier.invoices.scanTitle(soon()))).toBe('DEVICE_ABSENT');
      },
    },
  );
});

describe('who may', () => {
  scenarios({
    given: 'the supervisor, and the administrator',
    expect: '00 makes out invoices too; 99 does not',
    async play(system) {
      await sale(system, gross);
      const payment = paymentNo(system);
      const order = { payment, titleKind: 'personal', title: '张三', email: 'a@example.cn' } as const;
      const admin = system.terminal.counter();
      await admin.logOn('99', '12345678');
      expect(await refusal(() => admin.invoices.issue(order, soon(), silent))).toBe('FORBIDDEN');
      const supervisor = await system.supervisor();
      expect(await supervisor.invoices.issue(order, soon(), silent)).toMatchObject({ kind: 'issued' });
      expect(fen(gross)).toBe(supervisor.invoices.list(1)[0]?.amountFen);
    },
  });
});
