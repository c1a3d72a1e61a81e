import { describe, expect, it } from 'vitest';
import { readerFaults } from '../../drivers/simulator/reader-faults.ts';
import { arm, goodCard, type Outcome, otherCard, readerRig, saleOf, watch } from './rig.ts';

const never = new AbortController().signal;
const timeoutMs = 5_000;

type Rig = Awaited<ReturnType<typeof readerRig>>;

/** What a person or the terminal does; `finish` after an approval, `finish-declined` after a refusal by the host. */
type Deed = 'tap' | 'swipe' | 'insert' | 'finish' | 'finish-declined' | 'pin' | 'cancel' | 'nothing';

const said = <T>({ value, error, done }: Outcome<T>, ofValue: (value: T) => string): string => {
  if (!done) return 'nothing';
  if (!error) return value === undefined ? 'nothing' : ofValue(value);
  const reason = error.details['reason'];
  return reason === undefined ? error.code : `${error.code} ${reason}`;
};

async function read(rig: Rig, how: 'present' | 'swipe' | 'insert'): Promise<string> {
  rig.simulator[how](goodCard);
  const outcome = watch(rig.reader.readCard(saleOf(100, { timeoutMs }), never));
  await rig.clock.advance(60_000);
  return said(outcome, (card) => card.verification ?? card.entry);
}

async function finish(rig: Rig, kind: 'approved' | 'declined'): Promise<string> {
  const before = await read(rig, 'insert');
  if (before !== 'CHIP') return before;
  const outcome = watch(rig.reader.finishCard({ kind, code: kind === 'approved' ? '00' : '51' }));
  await rig.clock.advance(60_000);
  return said(outcome, (answer) => answer);
}

async function pin(rig: Rig): Promise<string> {
  rig.simulator.present(otherCard);
  const card = await (async () => {
    const outcome = watch(rig.reader.readCard(saleOf(100), never));
    await rig.clock.advance(0);
    return outcome.value;
  })();
  if (!card) return 'no card';
  const outcome = watch(rig.reader.pinPad.readPin({ card, amountFen: 100, timeoutMs }, never));
  await rig.clock.advance(0);
  rig.simulator.enterPin('123456');
  await rig.clock.advance(60_000);
  return said(outcome, () => 'PIN');
}

async function cancel(rig: Rig): Promise<string> {
  const stop = new AbortController();
  const outcome = watch(rig.reader.readCard(saleOf(999), stop.signal));
  await rig.clock.advance(2_000);
  stop.abort();
  await rig.clock.advance(300);
  return said(outcome, (card) => card.entry);
}

const deeds: Readonly<Record<Deed, (rig: Rig) => Promise<string>>> = {
  tap: (rig) => read(rig, 'present'),
  swipe: (rig) => read(rig, 'swipe'),
  insert: (rig) => read(rig, 'insert'),
  finish: (rig) => finish(rig, 'approved'),
  'finish-declined': (rig) => finish(rig, 'declined'),
  pin,
  cancel,
  nothing: async () => 'nothing',
};

type Expected = Partial<Record<Deed, string>>;
const anyCard = (outcome: string): Expected => ({ tap: outcome, swipe: outcome, insert: outcome });
const chipOrTap = (outcome: string): Expected => ({ tap: outcome, insert: outcome });
const lostOverHid: Expected = { tap: 'DEVICE_TIMEOUT' };

/** What the driver makes of each fault that comes once. */
const expected: Readonly<Record<keyof typeof readerFaults, Expected>> = {
  status: anyCard('DEVICE_FAULT bad-parameter'),
  tamper: anyCard('DEVICE_FAULT tamper'),
  'online-without-data': anyCard('DEVICE_FAULT empty'),
  'card-events': { tap: 'CONTACTLESS', swipe: 'MAG' },
  'crc-byte-order': anyCard('DEVICE_TIMEOUT'),

  'two-cards': chipOrTap('CARD_UNREADABLE two-cards'),
  expired: chipOrTap('CARD_UNREADABLE expired'),
  blocked: chipOrTap('CARD_UNREADABLE blocked'),
  unsupported: chipOrTap('CARD_UNREADABLE unsupported'),
  removed: chipOrTap('CARD_UNREADABLE removed'),
  'no-response': chipOrTap('CARD_UNREADABLE removed'),
  'card-error': chipOrTap('CARD_UNREADABLE chip'),
  'over-limit': { tap: 'CARD_UNREADABLE use-chip' },
  'card-declined': chipOrTap('CARD_UNREADABLE declined'),
  'error-code': chipOrTap('DEVICE_FAULT failed'),
  'go-to-contact': { tap: 'CARD_TIMEOUT', insert: 'CHIP' },
  'removed-in-authentication': { tap: 'CONTACTLESS', insert: 'CARD_UNREADABLE removed' },
  'removed-before-finish': { insert: 'CHIP', finish: 'CARD_UNREADABLE removed' },

  aac: { ...chipOrTap('CARD_UNREADABLE declined'), swipe: 'MAG' },
  'tc-offline': chipOrTap('CARD_UNREADABLE unsupported'),
  'finish-aac': { finish: 'refused' },
  'finish-arqc': { finish: 'refused' },
  'finish-tc': { finish: 'accepted', 'finish-declined': 'accepted' },
  'finish-of-another': { finish: 'DEVICE_FAULT atc' },
  'finish-without-result': { finish: 'refused' },

  'cvm-none': chipOrTap('none'),
  'cvm-signature': chipOrTap('signature'),
  'cvm-online-pin': chipOrTap('online-pin'),
  'cvm-cdcvm': chipOrTap('cdcvm'),
  'cvm-unknown': { tap: 'CONTACTLESS', insert: 'CHIP' },

  encrypted: anyCard('DEVICE_FAULT encrypted'),
  'contactless-stripe': { tap: 'CARD_UNREADABLE unsupported' },
  'damaged-stripe': { swipe: 'CARD_UNREADABLE track', tap: 'CONTACTLESS' },
  'chip-broken': { insert: 'CARD_UNREADABLE chip' },

  'tlv-long-lengths': { tap: 'CONTACTLESS', swipe: 'MAG', insert: 'CHIP' },
  'tlv-padding': { tap: 'CONTACTLESS', swipe: 'MAG', insert: 'CHIP' },
  'tlv-unknown-tags': { tap: 'CONTACTLESS', swipe: 'MAG', insert: 'CHIP' },
  'tlv-truncated': anyCard('DEVICE_FAULT tlv-truncated'),
  'tlv-indefinite': anyCard('DEVICE_FAULT tlv-indefinite'),
  'tlv-repeated': { tap: 'CONTACTLESS', swipe: 'MAG', insert: 'CHIP' },
  'tlv-contradiction': chipOrTap('DEVICE_FAULT tlv-duplicate'),
  'answer-1500-bytes': { tap: 'CONTACTLESS', swipe: 'MAG', insert: 'CHIP' },

  'cancel-races-result': { cancel: 'CANCELLED' },
  'result-after-cancel': { cancel: 'CANCELLED' },
  'cancel-unanswered': { cancel: 'CANCELLED' },
  'cancelled-by-ping': anyCard('DEVICE_TIMEOUT'),

  'boot-message': { nothing: 'nothing', tap: 'CONTACTLESS', finish: 'accepted', pin: 'PIN' },
  'restart-while-waiting': anyCard('DEVICE_ABSENT'),
  'restart-before-finish': { finish: 'DEVICE_ABSENT' },
  'chip-not-taken': { insert: 'DEVICE_TIMEOUT' },
  'asks-for-menu': { insert: 'CHIP', finish: 'accepted' },
  'asks-for-pin': { insert: 'CHIP', finish: 'accepted' },
  'asks-for-stripe': { insert: 'CHIP', finish: 'accepted' },

  'pin-cancel': { pin: 'PIN_CANCELLED' },
  'pin-timeout': { pin: 'PIN_TIMEOUT' },
  'pin-key-absent': { pin: 'DEVICE_FAULT key-absent' },
  'pin-keys-exhausted': { pin: 'DEVICE_FAULT keys-exhausted' },
  'pin-state': { pin: 'DEVICE_FAULT parameters' },
  'pin-malformed': { pin: 'DEVICE_FAULT pin-format' },
  'pin-unknown': { pin: 'DEVICE_FAULT unknown-command' },
  'pin-not-taken': { pin: 'DEVICE_TIMEOUT' },
  'pin-result-only': { pin: 'DEVICE_TIMEOUT' },

  'hid-lost-first': { tap: 'DEVICE_TIMEOUT', insert: 'DEVICE_TIMEOUT' },
  'hid-lost-middle': lostOverHid,
  'hid-lost-last': { tap: 'DEVICE_TIMEOUT', insert: 'DEVICE_TIMEOUT' },
  'hid-out-of-order': lostOverHid,
  'hid-unknown-id': { tap: 'CONTACTLESS' },
};

interface Case {
  readonly fault: string;
  readonly deed: Deed;
  readonly outcome: string;
  readonly wire: 'plain' | 'hid';
}

const isDeed = (name: string): name is Deed => name in deeds;

const cases: readonly Case[] = Object.entries(expected).flatMap(([fault, outcomes]) =>
  Object.entries(outcomes).flatMap(([deed, outcome]) =>
    (fault.startsWith('hid-') ? (['hid'] as const) : (['plain', 'hid'] as const)).flatMap((wire) =>
      isDeed(deed) ? [{ fault, deed, outcome, wire }] : [],
    ),
  ),
);

describe('each fault of a card reader, once', () => {
  it.each(cases)('$fault, $deed, $wire wire: $outcome', async ({ fault, deed, outcome, wire }) => {
    const rig = await readerRig({ hid: wire === 'hid' });
    arm(readerFaults, fault, rig.simulator, { times: 1 });
    await rig.clock.advance(0);
    expect(await deeds[deed](rig)).toBe(outcome);

    // Whatever it was: the next card is read, and nothing was done that must not be.
    rig.simulator.takeAway();
    await rig.clock.advance(10_000);
    expect(rig.reader.status().state).toBe('ready');
    const next = watch(rig.reader.readCard(saleOf(200), never));
    rig.simulator.present(otherCard);
    await rig.clock.advance(1_000);
    expect(next.value?.masked).toBe('625094******8599');
    expect(next.value?.reveal().emvTags['9F02']).toBe('000000000200');
    expect(rig.simulator.violations).toEqual([]);
    expect(JSON.stringify([rig.log, rig.simulator.violations])).not.toContain(goodCard.pan.slice(6, 15));
  });

  it('has a name in both languages', () => {
    for (const { zh, en } of Object.values(readerFaults)) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[ -~]+$/);
    }
  });
});

describe('the status of the wait for a card', () => {
  const statuses: readonly [status: number, outcome: string][] = [
    [0x01, 'DEVICE_FAULT bad-header'],
    [0x02, 'DEVICE_FAULT unknown-command'],
    [0x03, 'DEVICE_FAULT unknown-sub-command'],
    [0x04, 'DEVICE_FAULT crc-error'],
    [0x05, 'DEVICE_FAULT bad-parameter'],
    [0x06, 'DEVICE_FAULT not-supported'],
    [0x07, 'DEVICE_FAULT malformed'],
    [0x08, 'CARD_TIMEOUT'],
    [0x0a, 'DEVICE_FAULT failed'],
    [0x0b, 'DEVICE_FAULT command-not-allowed'],
    [0x0c, 'DEVICE_FAULT sub-command-not-allowed'],
    [0x0d, 'DEVICE_FAULT buffer-overflow'],
    [0x0e, 'DEVICE_TIMEOUT'], // only an event: the answer never comes
    [0x1d, 'DEVICE_FAULT tamper'],
    [0x23, 'DEVICE_FAULT empty'],
  ];
  it.each(statuses)('%d: %s', async (status, outcome) => {
    const rig = await readerRig();
    arm(readerFaults, 'status', rig.simulator, { times: 1, value: status });
    expect(await read(rig, 'present')).toBe(outcome);
  });

  const errorCodes: readonly [code: number, outcome: string][] = [
    [0x20, 'CARD_UNREADABLE chip'],
    [0x21, 'CARD_UNREADABLE two-cards'],
    [0x22, 'CARD_UNREADABLE use-chip'],
    [0x24, 'CARD_UNREADABLE removed'],
    [0x25, 'CARD_UNREADABLE blocked'],
    [0x26, 'CARD_UNREADABLE expired'],
    [0x27, 'CARD_UNREADABLE unsupported'],
    [0x30, 'CARD_UNREADABLE removed'],
    [0x42, 'CARD_UNREADABLE declined'],
    [0x57, 'CARD_UNREADABLE chip'],
    [0x61, 'DEVICE_FAULT failed'],
    [0x80, 'DEVICE_FAULT failed'],
  ];
  it.each(errorCodes)('failed with error code %d: %s', async (code, outcome) => {
    const rig = await readerRig();
    arm(readerFaults, 'error-code', rig.simulator, { times: 1, value: code });
    expect(await read(rig, 'present')).toBe(outcome);
  });
});

it.each(['present', 'insert'] as const)(
  'what the reader says of itself does not leave with the card (%s), so the longest answer still fits a request',
  async (how) => {
    const rig = await readerRig();
    arm(readerFaults, 'answer-1500-bytes', rig.simulator);
    rig.simulator[how](goodCard);
    const outcome = watch(rig.reader.readCard(saleOf(100, { timeoutMs }), never));
    await rig.clock.advance(60_000);
    const tags = Object.entries(outcome.value?.reveal().emvTags ?? {});
    expect(tags.map(([tag]) => tag)).toContain('9F26');
    const privateClass = tags.filter(([tag]) => /^[C-F]/.test(tag));
    expect(privateClass).toEqual([]);
    // The host takes 4096 characters of sealed block (sync/protocol), base64 of this.
    expect(JSON.stringify(Object.fromEntries(tags)).length).toBeLessThan(2_500);
  },
);
