import type { Fault, FaultTable, FaultUse } from './fault.ts';
import type { PrinterFaults } from './printer-status.ts';
import type { PrinterCommand, SimulatedPrinter } from './simulated-printer.ts';

type PrinterFault = Fault<SimulatedPrinter>;

/** What is wrong until somebody mends it (`mend`, `reset`), from now on. */
const state = (zh: string, en: string, faults: Partial<PrinterFaults>): PrinterFault => ({
  zh,
  en,
  apply(printer, { chance }) {
    if (chance()) printer.set(faults);
  },
});

/** What is wrong for a while and ends by itself. */
const passing = (zh: string, en: string, faults: Partial<PrinterFaults>, byDefault: number): PrinterFault => ({
  zh,
  en,
  value: { unit: 'ms', byDefault },
  apply(printer, { value, chance }) {
    if (chance()) printer.setFor(faults, value);
  },
});

/** What happens once so many lines were printed; again after as many lines when the tester says how often. */
const afterLines = (zh: string, en: string, act: (printer: SimulatedPrinter) => void): PrinterFault => ({
  zh,
  en,
  value: { unit: 'lines', byDefault: 12 },
  apply(printer, { value, times, chance }) {
    let left = times === Number.POSITIVE_INFINITY ? 1 : times;
    const arm = (): void =>
      printer.afterLines(value, () => {
        const acts = chance();
        if (acts) left -= 1;
        if (left > 0) arm();
        if (acts) act(printer);
      });
    arm();
  },
});

const isConfirmation = ({ name }: PrinterCommand): boolean => name === 'GS r' || name === 'GS ( H';
const isAutomaticStatus = (bytes: Uint8Array): boolean => bytes.length === 4 && ((bytes[0] ?? 0) & 0x93) === 0x10;

/** On each command of a kind, instead of what a good printer does. */
const onCommand =
  (
    isMeant: (command: PrinterCommand) => boolean,
    act: (printer: SimulatedPrinter, command: PrinterCommand, value: number) => void,
  ) =>
  (printer: SimulatedPrinter, { value, times, chance }: FaultUse): void =>
    printer.use(
      {
        onCommand(command) {
          if (!isMeant(command)) return false;
          act(printer, command, value);
          return true;
        },
      },
      times,
      chance,
    );

/** devices.md §6, "Printer", by name. Whatever a status bit says is a fault of its own. */
export const printerFaults: FaultTable<SimulatedPrinter> = {
  'paper-out': state('缺纸', 'no paper', { paper: 'out' }),
  'paper-out-after': afterLines('打印中缺纸', 'the paper ends in the middle of a slip', (printer) =>
    printer.set({ paper: 'out' }),
  ),
  'near-end': state('纸将尽', 'the paper is near its end', { paper: 'near-end' }),
  'cover-open': state('盖未关', 'the cover is open', { coverOpen: true }),
  'cover-open-after': afterLines('打印中开盖', 'the cover is opened in the middle of a slip', (printer) =>
    printer.set({ coverOpen: true }),
  ),
  'cutter-jam': state('切刀卡住', 'the cutter is jammed', { cutterJam: true }),
  'cutter-error': {
    zh: '切纸时出错，可恢复',
    en: 'the next cut fails; it goes on when it is told to (DLE ENQ 1)',
    apply: onCommand(
      ({ name }) => name === 'GS V',
      (printer) => printer.set({ cutterJam: true, awaitsRecovery: true }),
    ),
  },
  hot: passing('打印头过热', 'the head is too hot; it goes on by itself', { hot: true }, 4_000),
  mechanical: state('机械故障', 'a mechanical error', { mechanical: true }),
  unrecoverable: state('不可恢复故障', 'an unrecoverable error', { unrecoverable: true }),
  offline: state('脱机', 'off-line', { offline: true }),
  'awaits-recovery': state('待恢复', 'waits to be told to go on', { awaitsRecovery: true }),
  'feed-button': passing('按住走纸键', 'the feed button is held down', { feeding: true }, 1_000),
  'drawer-open': state('钱箱打开', 'the drawer is open', { drawerOpen: true }),
  'small-buffer': {
    zh: '缓冲区小，满则忙',
    en: 'a small buffer; busy (XOFF) when it is full',
    value: { unit: 'bytes', byDefault: 4_096 },
    apply: (printer, { value }) => printer.limitBuffer(value),
  },
  'no-status-line': {
    zh: '没有回传线',
    en: 'no line back (TX only)',
    apply: (printer, { times, chance }) => printer.use({ onSend: () => undefined }, times, chance),
  },
  'xoff-in-status': {
    zh: '自动状态中夹有 XOFF/XON',
    en: 'XOFF and XON inside automatic status',
    apply: (printer, { times, chance }) =>
      printer.use(
        {
          onSend(bytes, deliver) {
            if (!isAutomaticStatus(bytes)) deliver(bytes);
            else
              deliver(
                Uint8Array.from([...bytes.subarray(0, 2), 0x13, ...bytes.subarray(2, 3), 0x11, ...bytes.subarray(3)]),
              );
          },
        },
        times,
        chance,
      ),
  },
  'power-cycle': {
    zh: '断电重启',
    en: 'off and on: buffer, status mode and Chinese mode are lost',
    value: { unit: 'ms', byDefault: 1_500 },
    apply(printer, { value, chance }) {
      if (chance()) printer.powerCycle(value);
    },
  },
  'power-cycle-mid-slip': afterLines('打印中断电重启', 'off and on in the middle of a slip', (printer) =>
    printer.powerCycle(OFF_MS),
  ),
  'lose-confirmation': {
    zh: '已打印但应答丢失',
    en: 'it prints, but its confirmation is lost',
    apply: onCommand(isConfirmation, () => undefined),
  },
  'late-confirmation': {
    zh: '打印应答迟到',
    en: 'its confirmation comes late',
    value: { unit: 'ms', byDefault: 12_000 },
    apply: onCommand(isConfirmation, (printer, command, value) => {
      printer.clock.after(value, () => printer.confirm(command));
    }),
  },
};

const OFF_MS = 1_500;
