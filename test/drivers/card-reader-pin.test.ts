import { describe, expect, it } from 'vitest';
import { COMMAND, STATUS } from '../../drivers/card-reader/codes.ts';
import { vivotech2Reader } from '../../drivers/card-reader/vivotech2-reader.ts';
import { toHex } from '../../drivers/framing/tlv.ts';
import { readerFaults } from '../../drivers/simulator/reader-faults.ts';
import type { TestCard } from '../../drivers/simulator/test-card.ts';
import { isRightPin } from '../../sync/host/pin.ts';
import { arm, goodCard, otherCard, readerRig, saleOf, watch } from './rig.ts';

const never = new AbortController().signal;

/** A reader that has read a card and waits for its PIN. */
async function pinRig({ hid = false, offered = goodCard, isInserted = false, timeoutMs = 60_000 } = {}) {
  const rig = await readerRig({ hid });
  if (isInserted) rig.simulator.insert(offered);
  else rig.simulator.present(offered);
  const read = watch(rig.reader.readCard(saleOf(100), never));
  await rig.clock.advance(0);
  const card = read.value;
  if (!card) throw new Error('the card was not read');
  const stop = new AbortController();
  const ask = () => watch(rig.reader.pinPad.readPin({ card, amountFen: 100, timeoutMs }, stop.signal));
  return { ...rig, card, stop, ask };
}

describe('a PIN at the keys of the reader', () => {
  const cards: readonly [what: string, card: TestCard, hid: boolean][] = [
    ['a card number of 19 digits', goodCard, false],
    ['a card number of 16 digits', otherCard, false],
    ['a card number of 13 digits', { pan: '6200000000000', expiry: '3012' }, false],
    ['a reader at HID', goodCard, true],
  ];
  it.each(cards)('arrives at the host as it was entered: %s', async (_what, card, hid) => {
    const rig = await pinRig({ offered: card, hid });
    const pin = rig.ask();
    await rig.clock.advance(5_000);
    expect(rig.simulator.isPinOpen()).toBe(true);
    expect(rig.simulator.enterPin('123456')).toBe(true);
    await rig.clock.advance(0);
    const secrets = pin.value?.reveal() ?? { block: '', ksn: '' };
    expect(isRightPin(card.pan, secrets)).toBe(true);
    expect(rig.simulator.violations).toEqual([]);
    const again = rig.ask();
    await rig.clock.advance(0);
    rig.simulator.enterPin('654321');
    await rig.clock.advance(0);
    expect(isRightPin(card.pan, again.value?.reveal() ?? secrets)).toBe(false);
    expect(again.value?.reveal().ksn).not.toBe(secrets.ksn);
  });

  it('is asked for with the last 16 digits, byte for byte', async () => {
    const { ask, clock, port, simulator } = await pinRig();
    const commands: string[] = [];
    port.useOut({
      onSend: (bytes, deliver) => {
        commands.push(toHex(bytes.subarray(10, -2)));
        deliver(bytes);
      },
    });
    ask();
    await clock.advance(0);
    const digits = Buffer.from(goodCard.pan.slice(-16), 'latin1').toString('hex').toUpperCase();
    expect(commands).toEqual([`620100151110${digits}060400`]);
    expect(simulator.enterPin('123')).toBe(false);
    expect(simulator.enterPin('1234567')).toBe(false);
  });

  it('of an earlier entry, given up since, is not taken for this one', async () => {
    const { ask, clock, simulator } = await pinRig();
    const late = { command: COMMAND.pin, sub: STATUS.ok, data: Buffer.from(`\0${'F'.repeat(20)}${'A'.repeat(16)}`) };
    simulator.use({
      onCommand({ command }) {
        if (command === COMMAND.pin) simulator.send(late);
        return false;
      },
    });
    const pin = ask();
    await clock.advance(1_000);
    expect(pin.done).toBe(false);
    simulator.enterPin('123456');
    await clock.advance(0);
    expect(pin.value?.reveal().block).not.toBe('A'.repeat(16));
  });

  it('does not end the transaction with a chip', async () => {
    const { ask, clock, simulator, reader } = await pinRig({ isInserted: true });
    const pin = ask();
    await clock.advance(30_000);
    simulator.enterPin('123456');
    await clock.advance(0);
    expect(pin.value).toBeDefined();
    const finished = watch(reader.finishCard({ kind: 'approved', code: '00' }));
    await clock.advance(0);
    expect(finished.value).toBe('accepted');
    expect(simulator.violations).toEqual([]);
  });

  it('that the customer cancels can be asked for again', async () => {
    const { ask, clock, simulator } = await pinRig();
    const first = ask();
    await clock.advance(0);
    simulator.enterPin('cancel');
    await clock.advance(0);
    expect(first.error?.code).toBe('PIN_CANCELLED');
    const second = ask();
    await clock.advance(0);
    simulator.enterPin('123456');
    await clock.advance(0);
    expect(second.value).toBeDefined();
    expect(simulator.commands.slice(-2)).toEqual(['62-01', '62-01']);
  });

  it('that does not come ends with PIN_TIMEOUT, and the reader is told', async () => {
    const { ask, clock, simulator } = await pinRig({ timeoutMs: 22_000 });
    const pin = ask();
    await clock.advance(22_100);
    expect(pin.error?.code).toBe('PIN_TIMEOUT');
    expect(simulator.isPinOpen()).toBe(false);
    expect(simulator.commands.slice(-3)).toEqual(['62-00', '05-01', '01-01']);
    expect(simulator.violations).toEqual([]);
  });

  it.each([false, true])('is given up within 300 ms by a cancel, with 62-00 first (HID: %s)', async (hid) => {
    const { ask, clock, simulator, stop, reader } = await pinRig({ hid });
    const pin = ask();
    await clock.advance(8_000);
    stop.abort();
    await clock.advance(300);
    expect(pin.error?.code).toBe('CANCELLED');
    expect(simulator.commands.slice(-3)).toEqual(['62-00', '05-01', '01-01']);
    simulator.present(goodCard);
    const next = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(next.value).toBeDefined();
    expect(simulator.violations).toEqual([]);
  });

  it('is never pinged away, and nothing else is done at the reader meanwhile', async () => {
    const { ask, clock, simulator, reader } = await pinRig();
    const pin = ask();
    await clock.advance(25_000);
    expect(simulator.commands.at(-1)).toBe('62-01');
    const read = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(read.error?.code).toBe('DEVICE_BUSY');
    simulator.enterPin('123456');
    await clock.advance(0);
    expect(pin.value).toBeDefined();
  });

  it('is ended by the next life of the program', async () => {
    const { ask, clock, simulator, port, reader } = await pinRig();
    const pin = ask();
    await clock.advance(1_000);
    port.hangUp();
    await clock.advance(5_000);
    expect(pin.error?.code).toBe('DEVICE_ABSENT');
    expect(reader.status().state).toBe('ready');
    expect(simulator.isPinOpen()).toBe(false);
    expect(simulator.violations).toEqual([]);
  });

  it('that another program left behind is ended too', async () => {
    const left = await pinRig();
    left.ask();
    await left.clock.advance(0);
    await left.reader.stop();
    expect(left.simulator.isPinOpen()).toBe(true);
    const reader = vivotech2Reader({ name: 'card-reader', port: left.port, clock: left.clock, random: () => 0.5 });
    reader.start();
    await left.clock.advance(0);
    expect(reader.status().state).toBe('ready');
    expect(left.simulator.commands.slice(-4)).toEqual(['05-01', '62-00', '05-01', '01-01']);
    expect(left.simulator.violations).toEqual([]);
  });

  const states: readonly [state: number, reason: string][] = [
    [0x02, 'external-cancel'],
    [0x03, 'parameters'],
    [0x04, 'parameters'],
    [0x05, 'key-absent'],
    [0x06, 'keys-exhausted'],
    [0x07, 'parameters'],
    [0x10, 'parameters'],
  ];
  it.each(states)('state %d is a fault: %s', async (state, reason) => {
    const { ask, clock, simulator } = await pinRig();
    arm(readerFaults, 'pin-state', simulator, { value: state });
    const pin = ask();
    await clock.advance(0);
    expect(pin.error).toMatchObject({ code: 'DEVICE_FAULT', details: { reason } });
  });

  it('stands in no log', async () => {
    const { ask, clock, simulator, log, card } = await pinRig();
    const pin = ask();
    await clock.advance(0);
    simulator.enterPin('123456');
    await clock.advance(0);
    const block = pin.value?.reveal().block ?? 'none';
    const said = JSON.stringify([log, simulator.commands, simulator.violations, pin.value]);
    for (const secret of ['123456', block, card.reveal().pan.slice(6, 15)]) expect(said).not.toContain(secret);
  });
});
