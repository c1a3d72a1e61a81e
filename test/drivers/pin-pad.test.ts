import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CardData } from '../../drivers/card-reader/card-data.ts';
import type { PinRequest } from '../../drivers/devices.ts';
import { k100PinPad } from '../../drivers/pin-pad/k100-pin-pad.ts';
import { PinBlock } from '../../drivers/pin-pad/pin-block.ts';
import { encipheredPin } from '../../drivers/simulator/dukpt.ts';
import { pinPadFaults } from '../../drivers/simulator/pin-pad-faults.ts';
import { simulatedPinPad } from '../../drivers/simulator/simulated-pin-pad.ts';
import { simulatedPort } from '../../drivers/simulator/simulated-port.ts';
import { wireFaults } from '../../drivers/simulator/wire-faults.ts';
import { testClock } from '../support/test-clock.ts';
import { arm, goodCard, type LogLine, otherCard, watch } from './rig.ts';

const never = new AbortController().signal;

/** The real driver, ready, with a simulated PIN pad at the other end, and all bytes that went over the wire. */
async function pinPadRig() {
  const clock = testClock();
  const log: LogLine[] = [];
  const simulator = simulatedPinPad({ clock });
  const port = simulatedPort(simulator, { clock });
  const pinPad = k100PinPad({
    name: 'pin-pad',
    port,
    clock,
    random: () => 0.5,
    log: (event, details) => log.push({ event, details }),
  });
  pinPad.start();
  await clock.advance(0);
  return { clock, log, simulator, port, pinPad };
}

const cardOf = (pan: string): CardData => new CardData('MAG', { pan, track2: undefined, expiry: '3012', emvTags: {} });

const ask = (pan = goodCard.pan, more: Partial<PinRequest> = {}): PinRequest => ({
  card: cardOf(pan),
  amountFen: 12_300,
  timeoutMs: 60_000,
  ...more,
});

describe('entering a PIN', () => {
  it('gives the PIN away only enciphered, each time under a new key', async () => {
    const { clock, simulator, pinPad } = await pinPadRig();
    for (const counter of [1, 2]) {
      const read = watch(pinPad.readPin(ask(), never));
      await clock.advance(5_000);
      expect(simulator.isWaiting()).toBe(true);
      expect(simulator.enterPin('123456')).toBe(true);
      await clock.advance(0);
      expect(read.value?.reveal()).toEqual(encipheredPin('123456', goodCard.pan, counter));
    }
    expect(simulator.violations).toEqual([]);
  });

  it.each([
    ['19 digits', '6222021234567890128', '2021234567890128'],
    ['16 digits', '6250941006528599', '6250941006528599'],
    ['13 digits', '4012345678909', '0004012345678909'],
    ['12 digits', '601234567895', '0000601234567895'],
  ])('asks for a card number of %s with 16, and the block is that of the whole number', async (_what, pan, asked) => {
    const { clock, simulator, pinPad } = await pinPadRig();
    const commands: string[] = [];
    simulator.use({ onCommand: (body) => commands.push(Buffer.from(body).toString('latin1')) === 0 });
    const read = watch(pinPad.readPin(ask(pan), never));
    await clock.advance(0);
    expect(commands).toEqual([`uF\u0007\u0001${asked}`]);
    simulator.enterPin('1234');
    await clock.advance(0);
    expect(read.value?.reveal()).toEqual(encipheredPin('1234', pan, 1));
  });

  it('waits on while the PIN is too short', async () => {
    const { clock, simulator, pinPad } = await pinPadRig();
    const read = watch(pinPad.readPin(ask(), never));
    await clock.advance(0);
    expect(simulator.enterPin('12')).toBe(false);
    await clock.advance(1_000);
    expect(read.done).toBe(false);
    simulator.enterPin('34');
    await clock.advance(0);
    expect(read.value?.reveal()).toEqual(encipheredPin('1234', goodCard.pan, 1));
  });

  it('ends with PIN_CANCELLED when the customer presses Cancel', async () => {
    const { clock, simulator, pinPad } = await pinPadRig();
    const read = watch(pinPad.readPin(ask(), never));
    await clock.advance(1_000);
    simulator.pressCancel();
    await clock.advance(0);
    expect(read.error?.code).toBe('PIN_CANCELLED');
  });

  it('nobody asks: the keys do nothing', async () => {
    const { simulator } = await pinPadRig();
    expect(simulator.enterPin('123456')).toBe(false);
    expect(simulator.pressCancel()).toBe(false);
  });

  it('a second PIN at the same time is DEVICE_BUSY, and the first goes on', async () => {
    const { clock, simulator, pinPad } = await pinPadRig();
    const read = watch(pinPad.readPin(ask(), never));
    await clock.advance(0);
    await expect(pinPad.readPin(ask(), never)).rejects.toMatchObject({ code: 'DEVICE_BUSY' });
    simulator.enterPin('123456');
    await clock.advance(0);
    expect(read.value).toBeInstanceOf(PinBlock);
  });

  it('without a PIN pad it is DEVICE_ABSENT', async () => {
    const { clock, port, pinPad } = await pinPadRig();
    port.unplug();
    await clock.advance(0);
    await expect(pinPad.readPin(ask(), never)).rejects.toMatchObject({ code: 'DEVICE_ABSENT' });
  });
});

describe('time-out and cancel', () => {
  it('cancels when nobody types, and then says PIN_TIMEOUT', async () => {
    const { clock, simulator, pinPad } = await pinPadRig();
    const read = watch(pinPad.readPin(ask(goodCard.pan, { timeoutMs: 30_000 }), never));
    await clock.advance(29_900);
    expect(read.done).toBe(false);
    await clock.advance(200);
    expect(read.error?.code).toBe('PIN_TIMEOUT');
    expect(simulator.isWaiting()).toBe(false);
    expect(pinPad.status().state).toBe('ready');
    expect(pinPad.counters()).toMatchObject({ timeouts: 0, losses: 0 });
  });

  it('a pad that is dead by then is no customer who is slow: DEVICE_TIMEOUT', async () => {
    const { clock, simulator, pinPad } = await pinPadRig();
    simulator.use({ onCommand: () => true });
    const read = watch(pinPad.readPin(ask(goodCard.pan, { timeoutMs: 30_000 }), never));
    await clock.advance(31_100);
    expect(read.error?.code).toBe('DEVICE_TIMEOUT');
    await clock.advance(1_100);
    expect(pinPad.status()).toMatchObject({ state: 'absent' });
  });

  it('obeys a cancel within 300 ms, also when the pad does not', async () => {
    const { clock, simulator, pinPad } = await pinPadRig();
    const stop = new AbortController();
    const read = watch(pinPad.readPin(ask(), stop.signal));
    await clock.advance(3_000);
    arm(pinPadFaults, 'cancel-ignored', simulator, { times: 1 });
    stop.abort();
    await clock.advance(300);
    expect(read.error?.code).toBe('CANCELLED');
    expect(simulator.commands.at(-1)).toBe('75-46-09');
  });

  it('sends nothing when cancelled before it began', async () => {
    const { simulator, pinPad } = await pinPadRig();
    const before = simulator.commands.length;
    await expect(pinPad.readPin(ask(), AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(simulator.commands).toHaveLength(before);
  });

  it('ends an entry of an earlier life when it connects', async () => {
    const { clock, simulator, port, pinPad } = await pinPadRig();
    watch(pinPad.readPin(ask(), never));
    await clock.advance(0);
    port.unplug();
    await clock.advance(0);
    expect(simulator.isWaiting()).toBe(true);
    port.plugIn();
    await clock.advance(10_000);
    expect(simulator.isWaiting()).toBe(false);
    expect(pinPad.status().state).toBe('ready');
  });

  it.each(['result-crosses-cancel', 'result-after-cancel', 'cancel-confirmed-twice'])(
    '%s: the next customer’s PIN is the one that he typed',
    async (fault) => {
      const { clock, simulator, pinPad } = await pinPadRig();
      const stop = new AbortController();
      const first = watch(pinPad.readPin(ask(), stop.signal));
      await clock.advance(2_000);
      arm(pinPadFaults, fault, simulator);
      stop.abort();
      await clock.advance(0);
      const second = watch(pinPad.readPin(ask(otherCard.pan), never));
      await clock.advance(2_000);
      expect(first.error?.code).toBe('CANCELLED');
      expect(second.done).toBe(false);
      simulator.enterPin('9999');
      await clock.advance(0);
      const counter = fault === 'cancel-confirmed-twice' ? 1 : 2;
      expect(second.value?.reveal()).toEqual(encipheredPin('9999', otherCard.pan, counter));
    },
  );

  it('a result that comes while the next customer is asked is not his', async () => {
    const { clock, simulator, pinPad } = await pinPadRig();
    arm(pinPadFaults, 'late-result', simulator, { value: 70_000, times: 1 });
    const first = watch(pinPad.readPin(ask(), never));
    await clock.advance(1_000);
    simulator.enterPin('123456');
    await clock.advance(60_000);
    expect(first.error?.code).toBe('PIN_TIMEOUT');
    const second = watch(pinPad.readPin(ask(otherCard.pan), never));
    await clock.advance(20_000);
    expect(second.done).toBe(false);
    simulator.enterPin('9999');
    await clock.advance(0);
    expect(second.value?.reveal()).toEqual(encipheredPin('9999', otherCard.pan, 2));
  });
});

describe('the health check', () => {
  it('asks an idle pad, and never one that waits for a PIN', async () => {
    const { clock, simulator, pinPad } = await pinPadRig();
    await clock.advance(12_000);
    expect(simulator.commands.filter((command) => command === '75-46-0a')).toHaveLength(2);
    watch(pinPad.readPin(ask(), never));
    await clock.advance(30_000);
    expect(simulator.commands.at(-1)).toBe('75-46-07');
    expect(simulator.violations).toEqual([]);
  });

  it('notices a dead pad', async () => {
    const { clock, simulator, pinPad } = await pinPadRig();
    simulator.use({ onCommand: () => true });
    await clock.advance(8_000);
    expect(pinPad.status().state).toBe('absent');
  });
});

/** What `readPin` comes to when the customer types 123456 five seconds after he was asked. */
const outcomes: Readonly<Record<keyof typeof pinPadFaults, string>> = {
  'pin-cancel': 'PIN_CANCELLED',
  'pin-timeout': 'PIN_TIMEOUT',
  'key-absent': 'DEVICE_FAULT key-absent',
  'keys-exhausted': 'DEVICE_FAULT keys-exhausted',
  'card-number-refused': 'DEVICE_FAULT card-number',
  'parameters-refused': 'DEVICE_FAULT parameters',
  'unknown-command': 'DEVICE_FAULT unknown-command',
  'battery-low': 'DEVICE_FAULT battery-low',
  tampered: 'DEVICE_FAULT tampered',
  suspended: 'DEVICE_FAULT suspended',
  busy: 'DEVICE_FAULT busy',
  'frame-refused': 'DEVICE_FAULT frame',
  nak: 'DEVICE_FAULT nak-5500',
  'bad-lrc': 'PIN_TIMEOUT',
  'bad-sum': 'PIN_TIMEOUT',
  'bad-end': 'PIN_TIMEOUT',
  'bad-length': 'PIN_TIMEOUT',
  'truncated-result': 'PIN_TIMEOUT',
  'short-result': 'DEVICE_FAULT malformed',
  'malformed-result': 'DEVICE_FAULT malformed',
  'lost-result': 'PIN_TIMEOUT',
  'late-result': 'PIN_TIMEOUT',
  'result-crosses-cancel': 'the PIN',
  'result-after-cancel': 'the PIN',
  'cancel-confirmed-twice': 'the PIN',
  'cancel-ignored': 'the PIN',
  restart: 'PIN_TIMEOUT',
  'digits-cleared': 'the PIN',
  'acknowledged-first': 'the PIN',
  'bare-key-notices': 'the PIN',
  'no-key-notices': 'the PIN',
  'other-card': 'another PIN block',
};

const said = ({ value, error, done }: ReturnType<typeof watch<PinBlock>>, right: string): string => {
  if (value) return value.reveal().block === right ? 'the PIN' : 'another PIN block';
  if (!error) return done ? 'nothing' : 'still waiting';
  return [error.code, error.details['reason']].filter(Boolean).join(' ');
};

describe('each fault once, and then a good pad again', () => {
  it.each(Object.entries(outcomes))('%s: %s', async (fault, outcome) => {
    const { clock, simulator, pinPad } = await pinPadRig();
    // Before the customer types.
    const sooner = fault === 'digits-cleared' || fault === 'pin-timeout';
    arm(pinPadFaults, fault, simulator, { times: 1, ...(sooner && { value: 3_000 }) });
    const read = watch(pinPad.readPin(ask(), never));
    await clock.advance(5_000);
    simulator.enterPin('123456');
    await clock.advance(60_000);
    expect(said(read, encipheredPin('123456', goodCard.pan, 1).block)).toBe(outcome);
    expect(pinPad.status().state).toBe('ready');

    simulator.reset();
    const next = watch(pinPad.readPin(ask(otherCard.pan), never));
    await clock.advance(1_000);
    expect(simulator.enterPin('4321')).toBe(true);
    await clock.advance(0);
    const ksn = next.value?.reveal().ksn ?? '';
    expect(next.value?.reveal()).toEqual(
      encipheredPin('4321', otherCard.pan, Number.parseInt(ksn.slice(-5), 16) & 0x1fffff),
    );
    expect(simulator.violations).toEqual([]);
  });
});

describe('a poor wire', () => {
  const harmless = [
    'single-bytes',
    'random-chunks',
    'coalesced-frames',
    'junk-before',
    'junk-between',
    'duplicated-frame',
  ];
  it.each(harmless)('%s: the PIN comes through', async (fault) => {
    const { clock, simulator, port, pinPad } = await pinPadRig();
    arm(wireFaults, fault, port);
    for (const counter of [1, 2]) {
      const read = watch(pinPad.readPin(ask(), never));
      await clock.advance(5_000);
      simulator.enterPin('123456');
      await clock.advance(1_000);
      expect(read.value?.reveal()).toEqual(encipheredPin('123456', goodCard.pan, counter));
    }
    expect(pinPad.status().state).toBe('ready');
  });

  it('a command that arrives damaged is refused by the pad, and not sent again', async () => {
    const { clock, simulator, port, pinPad } = await pinPadRig();
    arm(wireFaults, 'flipped-bit-out', port, { times: 1 });
    const read = watch(pinPad.readPin(ask(), never));
    await clock.advance(1_000);
    expect(read.error).toMatchObject({ code: 'DEVICE_FAULT', details: { reason: 'frame' } });
    expect(simulator.commands).not.toContain('75-46-07');
  });
});

describe('a PIN block', () => {
  const secrets = encipheredPin('123456', goodCard.pan, 1);
  const forms = [
    secrets.block,
    secrets.ksn,
    secrets.block.toLowerCase(),
    Buffer.from(secrets.block, 'hex').toString('base64'),
    String(Array.from(Buffer.from(secrets.block, 'hex'))),
  ];

  const ways: readonly [string, (pin: PinBlock) => string][] = [
    ['JSON', (pin) => JSON.stringify({ pin })],
    ['String()', (pin) => String(pin)],
    ['inspection', (pin) => inspect(pin, { showHidden: true, depth: 10, getters: true })],
    ['a clone', (pin) => inspect(structuredClone(pin), { showHidden: true, depth: 10 })],
    ['its entries', (pin) => inspect([Object.entries(pin), Reflect.ownKeys(pin)], { depth: 10 })],
    ['a spread', (pin) => JSON.stringify({ ...pin })],
  ];
  it.each(ways)('keeps its secrets from %s', (_way, show) => {
    for (const form of forms) expect(show(new PinBlock(secrets))).not.toContain(form);
  });

  it('has none left when it was erased', () => {
    const pin = new PinBlock(secrets);
    pin.erase();
    expect(() => pin.reveal()).toThrow(expect.objectContaining({ code: 'DEVICE_FAULT' }));
  });

  it.each(Object.keys(pinPadFaults))(
    '%s: neither it nor the card stands in a log, an error or a violation',
    async (fault) => {
      const { clock, log, simulator, pinPad } = await pinPadRig();
      arm(pinPadFaults, fault, simulator);
      const stop = new AbortController();
      const read = watch(pinPad.readPin(ask(), stop.signal));
      await clock.advance(1_000);
      simulator.enterPin('123456');
      await clock.advance(1_000);
      stop.abort();
      await clock.advance(100_000);
      const { error } = read;
      const written = [
        inspect(log, { depth: 10 }),
        inspect(error, { depth: 10 }),
        JSON.stringify(error),
        ...simulator.violations,
      ];
      for (const secret of [...forms, '123456', goodCard.pan, goodCard.pan.slice(-16)]) {
        expect(written.join('\n')).not.toContain(secret);
      }
      expect(log.map(({ event }) => event)).toContain('device.connected');
    },
  );
});
