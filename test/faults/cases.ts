import * as v from 'valibot';
import { displayFaults } from '../../drivers/simulator/display-faults.ts';
import { keypadFaults } from '../../drivers/simulator/keypad-faults.ts';
import { pinPadFaults } from '../../drivers/simulator/pin-pad-faults.ts';
import { printerFaults } from '../../drivers/simulator/printer-faults.ts';
import { readerFaults } from '../../drivers/simulator/reader-faults.ts';
import { scannerFaults } from '../../drivers/simulator/scanner-faults.ts';
import { wireFaults } from '../../drivers/simulator/wire-faults.ts';
import { type Seeded, seeded } from '../../scripts/storm/seeded.ts';
import { type DeviceName, type LinkRequest, linkRequest, type Way } from '../../terminal/bench/contract.ts';
import { linkFaults } from '../../terminal/bench/link-faults.ts';

/** The steps of a sale with a chip and a PIN, which are those of every sale. A fault is armed when the screen shows the page of a step. */
export const steps = ['idle', 'amount', 'card', 'confirm', 'pin', 'host', 'chip', 'printing'] as const;
export type Step = (typeof steps)[number];
/** `asked`: the request has left, its answer has not come. */
export const moments = [...steps, 'asked'] as const;
type Moment = (typeof moments)[number];

/** One fault at one step of one sale. */
export interface Case {
  readonly name: string;
  readonly at: Moment;
  readonly by: Way;
  readonly card: string;
  readonly fault: { readonly device: DeviceName; readonly fault: string } | { readonly link: LinkRequest } | undefined;
  /** How often a device's fault acts; infinity: until it is mended. */
  readonly times: number;
  /** The cashier changes his mind at this page. */
  readonly cancelAt?: Step;
  /** Last two digits of the amount, by which the host is told what to do; not given: to approve. */
  readonly ending?: string;
}

const chipSale = { by: 'insert', card: 'online-pin', times: 1 } as const;

const tables: Readonly<Record<DeviceName, object>> = {
  'card-reader': readerFaults,
  'pin-pad': pinPadFaults,
  scanner: scannerFaults,
  keypad: keypadFaults,
  display: displayFaults,
  printer: printerFaults,
};

/** A device's own faults. One that is new in a table is here by itself. */
export const ownFaults = (device: DeviceName): readonly string[] => Object.keys(tables[device]);
export const allFaults = (device: DeviceName): readonly string[] => [...ownFaults(device), ...Object.keys(wireFaults)];

/**
 * `POS_ALL_FAULTS`: not set, each fault at three of the steps; `steps`, at every one, as the system tests play them; `1`, in every variation there too, about
 * 20,000 sales.
 */
const all = process.env['POS_ALL_FAULTS'];
const isWhole = all === '1';
/** Early, later and late in the sale; the next fault a step later each time, so that eight faults have been at each step three times. */
const inTurn: readonly number[] = all ? [...steps.keys()] : [0, 3, 6];

/** The next one only, in a sale with a chip and a PIN: it passes every step. */
export const atStep = (at: Step, device: DeviceName, faults: readonly string[]): readonly Case[] =>
  faults
    .filter((_, n) => inTurn.some((step) => steps[(n + step) % steps.length] === at))
    .map((fault) => caseOf(device, fault, at));

const caseOf = (device: DeviceName, fault: string, at: Step): Case => ({
  ...chipSale,
  name: `${device} ${fault} at ${at}`,
  at,
  fault: { device, fault },
});

/** How else a sale may go while a device is broken. Undefined: it has no such step. */
const variations: Readonly<Record<string, (one: Case, random: Seeded) => Case | undefined>> = {
  'until mended': (one) => ({ ...one, times: Number.POSITIVE_INFINITY }),
  取消: (one, random) => {
    const later = steps.filter((step, n) => step !== 'idle' && step !== 'amount' && n >= moments.indexOf(one.at));
    const cancelAt = random.pick(later);
    return { ...one, cancelAt, name: `${one.name} at ${cancelAt}` };
  },
  挥卡: (one) => (one.at === 'chip' ? undefined : { ...one, by: 'contactless' }),
  刷卡: (one) => (one.at === 'chip' ? undefined : { ...one, by: 'swipe', card: 'magstripe-pin' }),
};

/** Each fault in one variation at one step, drawn from a seed; in the whole product, in all of them at each. */
export function variationsOf(device: DeviceName, faults: readonly string[]): readonly Case[] {
  const random = seeded(1);
  const names = Object.keys(variations);
  const varied = (fault: string, at: Step, name: string): Case | undefined => {
    const one = caseOf(device, fault, at);
    return variations[name]?.({ ...one, name: `${one.name}, ${name}` }, random);
  };
  return faults.flatMap((fault) => {
    if (isWhole) return steps.flatMap((at) => names.flatMap((name) => varied(fault, at, name) ?? []));
    for (;;) {
      const drawn = varied(fault, random.pick(steps), random.pick(names));
      if (drawn) return [drawn];
    }
  });
}

/** Its own book would be wrong: what is lost there is found when the batch is closed (test/scenarios). */
const notOfASale: readonly string[] = ['forget-approval'];

/** Everything between terminal and host, at one moment. */
export const linkCases = (at: Moment): readonly Case[] => [
  linkCase(at, 'offline', { state: 'offline' }),
  ...linkFaults
    .filter(({ name }) => !notOfASale.includes(name))
    .map(({ name, value }) => {
      const order = { fault: name, ...(value && { ms: value.byDefault }) };
      return linkCase(at, name, v.parse(linkRequest, order));
    }),
];

const linkCase = (at: Moment, name: string, link: LinkRequest): Case => ({
  ...chipSale,
  name: `link ${name} at ${at}`,
  at,
  fault: { link },
});

/** What the amount table of the host does other than to decide: no answer, an answer lost, a late one. */
export const hostCases: readonly Case[] = ['98', '99', '68'].flatMap((ending) =>
  (['insert', 'contactless'] as const).map(
    (by): Case => ({ ...chipSale, name: `amount …${ending}, ${by}`, at: 'idle', by, fault: undefined, ending }),
  ),
);
