import * as v from 'valibot';
import { vivotech2Reader } from '../../drivers/card-reader/vivotech2-reader.ts';
import type { Device, ReceiptPrinter, Slip } from '../../drivers/devices.ts';
import { overHidReports } from '../../drivers/framing/hid-report.ts';
import { escposPrinter } from '../../drivers/printer/escpos-printer.ts';
import { printerProfiles } from '../../drivers/printer/profiles.ts';
import { simulatedPort } from '../../drivers/simulator/simulated-port.ts';
import { simulatedPrinter } from '../../drivers/simulator/simulated-printer.ts';
import type { Port } from '../../drivers/transport/transport.ts';
import { TerminalError } from '../base/errors.ts';
import type { DeviceName } from './contract.ts';
import type { ReplayClock } from './replay-clock.ts';

/** A real driver, started, that is asked for what a recording says. */
export interface ReplayedDriver {
  stop(): void;
  call(call: string, details: unknown, signal: AbortSignal): Promise<unknown>;
}

export interface Profile {
  readonly name: string | undefined;
  /** It had printed before: the driver knows that nothing older is on its way. */
  readonly used: boolean;
  readonly drawerPin: 2 | 5 | undefined;
}

interface Parts {
  readonly clock: ReplayClock;
  readonly port: Port;
}

const middle = (): number => 0.5;

/** BAD_REQUEST for a device of which a call cannot be made again: what a customer typed or showed is not recorded. */
export async function replayedDriver(device: DeviceName, profile: Profile, parts: Parts): Promise<ReplayedDriver> {
  switch (device) {
    case 'card-reader':
      return replayedReader(profile, parts);
    case 'printer':
      return replayedPrinter(profile, parts);
    default:
      throw new TerminalError('BAD_REQUEST', { what: `device: card-reader | printer, not ${device}` });
  }
}

/** Not waited for: it may wait for a connection that never comes. */
const stopping = (device: Device) => ({ stop: () => void device.stop() });

const unknownCall = (call: string): never => {
  throw new TerminalError('BAD_REQUEST', { what: `call: ${call}` });
};

const cardRequest = v.object({
  amountFen: v.number(),
  type: v.picklist(['sale', 'refund']),
  timeoutMs: v.number(),
  fallback: v.optional(v.boolean(), false),
});
const hostResult = v.object({
  kind: v.picklist(['approved', 'declined', 'no-answer']),
  code: v.optional(v.string()),
});

function replayedReader({ name }: Profile, { clock, port }: Parts): ReplayedDriver {
  const wire = name === 'vivotech2-hid' ? overHidReports(port) : port;
  const reader = vivotech2Reader({ name: 'card-reader', port: wire, clock, random: middle });
  reader.start();
  return {
    ...stopping(reader),
    async call(call, details, signal) {
      if (call === 'readCard') return reader.readCard(v.parse(cardRequest, details), signal);
      if (call === 'awaitCard') return reader.awaitCard(signal);
      if (call !== 'finishCard') return unknownCall(call);
      const { kind, code } = v.parse(hostResult, details);
      return reader.finishCard({ kind, code });
    },
  };
}

async function replayedPrinter({ name, used, drawerPin }: Profile, { clock, port }: Parts): Promise<ReplayedDriver> {
  const profile = Object.entries(printerProfiles).find(([known]) => known === name)?.[1];
  if (!profile) throw new TerminalError('NOT_FOUND', { what: 'profile', no: name ?? '' });
  const practice = simulatedPort(simulatedPrinter({ clock, columns: profile.columns }), { clock });
  let now: Port = used ? practice : port;
  const printer = escposPrinter({
    name: 'printer',
    port: { describe: 'replay', connect: () => now.connect() },
    clock,
    random: middle,
    profile,
    ...(drawerPin && { drawerPin }),
  });
  printer.start();
  if (used) {
    await practised(printer, clock);
    now = port;
    practice.unplug();
  }
  return {
    ...stopping(printer),
    async call(call, details, signal) {
      if (call === 'openDrawer') return printer.openDrawer();
      const slip = slipFrom(details);
      if (call === 'print') return printer.print(slip, signal);
      return call === 'resume' ? printer.resume(slip, signal) : unknownCall(call);
    },
  };
}

const PRACTICE_STEP_MS = 10;

/** The first slip of a driver's life begins with a search for older answers, which a driver that has printed no longer makes. */
async function practised(printer: ReceiptPrinter, clock: ReplayClock): Promise<void> {
  const onward = (): Promise<void> => clock.advanceTo(clock.now() + PRACTICE_STEP_MS);
  while (printer.status().state !== 'ready') await onward();
  let isDone = false;
  const printed = printer.print([{ kind: 'text', text: 'replay' }, { kind: 'cut' }]).finally(() => {
    isDone = true;
  });
  while (!isDone) await onward();
  await printed;
}

/** As watched.ts wrote it. BAD_REQUEST for anything else. */
function slipFrom(details: unknown): Slip {
  const parsed = v.safeParse(v.array(slipLine), details);
  if (parsed.success) return parsed.output;
  throw new TerminalError('BAD_REQUEST', { what: `slip: ${v.getDotPath(parsed.issues[0]) ?? ''}` });
}

const align = v.exactOptional(v.picklist(['left', 'center', 'right']));
const bold = v.exactOptional(v.boolean());
const bitmap = v.object({
  widthDots: v.number(),
  heightDots: v.number(),
  rows: v.pipe(
    v.string(),
    v.base64(),
    v.transform((text) => Uint8Array.from(Buffer.from(text, 'base64'))),
  ),
});
const slipLine = v.variant('kind', [
  v.object({
    kind: v.literal('text'),
    text: v.string(),
    align,
    size: v.exactOptional(v.picklist(['normal', 'double'])),
    bold,
  }),
  v.object({ kind: v.literal('pair'), left: v.string(), right: v.string(), bold }),
  v.object({
    kind: v.literal('columns'),
    cells: v.array(
      v.object({
        text: v.string(),
        width: v.number(),
        align: v.exactOptional(v.picklist(['left', 'right'])),
      }),
    ),
  }),
  v.object({ kind: v.literal('rule') }),
  v.object({ kind: v.literal('feed'), lines: v.number() }),
  v.object({ kind: v.literal('qr'), data: v.string() }),
  v.object({ kind: v.literal('image'), image: bitmap }),
  v.object({ kind: v.literal('cut') }),
]);
