import { describe, expect, it } from 'vitest';
import { COMMAND, STATUS, TAG } from '../../drivers/card-reader/codes.ts';
import { encodeTlv, fromHex } from '../../drivers/framing/tlv.ts';
import { wireFaults } from '../../drivers/simulator/wire-faults.ts';
import { arm, goodCard, otherCard, readerRig, saleOf, watch } from './rig.ts';

const never = new AbortController().signal;

describe('reading a card', () => {
  it('reads a contactless card with what the host and the slip need', async () => {
    const { clock, simulator, reader } = await readerRig();
    expect(reader.status()).toEqual({ state: 'ready' });
    const read = watch(reader.readCard(saleOf(12_345), never));
    await clock.advance(0);
    simulator.present(goodCard);
    await clock.advance(0);
    const card = read.value;
    expect(card).toMatchObject({ entry: 'CONTACTLESS', masked: '622202*********0128' });
    expect(card?.emvForSlip).toMatchObject({ aid: 'A000000333010101', tvr: '0000000000', atc: '0001' });
    expect(card?.emvForSlip?.arqc).toMatch(/^[0-9A-F]{16}$/);
    expect(card?.reveal()).toMatchObject({
      pan: goodCard.pan,
      track2: `${goodCard.pan}=301220100000123`,
      expiry: '3012',
      emvTags: { '9F02': '000000012345', '9C': '00', '5F2A': '0156', '9F27': '80' },
    });
    expect(Object.keys(card?.reveal().emvTags ?? {})).not.toEqual(expect.arrayContaining(['57']));
    expect(simulator.violations).toEqual([]);
  });

  it('reads a swiped card', async () => {
    const { clock, simulator, reader } = await readerRig();
    const read = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    simulator.swipe(otherCard);
    await clock.advance(0);
    expect(read.value).toMatchObject({ entry: 'MAG', masked: '625094******8599', emvForSlip: undefined });
    expect(read.value?.reveal()).toEqual({
      pan: otherCard.pan,
      track2: `${otherCard.pan}=290810100000123`,
      expiry: '2908',
      emvTags: {},
    });
  });

  it('tells the reader that it is a refund', async () => {
    const { clock, simulator, reader } = await readerRig();
    simulator.present(goodCard);
    const read = watch(reader.readCard(saleOf(500, { type: 'refund' }), never));
    await clock.advance(0);
    expect(read.value?.reveal().emvTags).toMatchObject({ '9C': '20', '9F02': '000000000500' });
  });

  const reasons = ['two-cards', 'removed', 'expired', 'blocked', 'unsupported', 'chip'] as const;
  it.each(reasons)('says %s when that is what the reader saw', async (reason) => {
    const { clock, simulator, reader } = await readerRig();
    simulator.present(goodCard, reason);
    const read = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(read.error).toMatchObject({ code: 'CARD_UNREADABLE', details: { reason } });
  });

  it('refuses a stripe whose number cannot be right', async () => {
    const { clock, simulator, reader } = await readerRig();
    simulator.swipe(goodCard, 'track');
    const read = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(read.error).toMatchObject({ code: 'CARD_UNREADABLE', details: { reason: 'track' } });
  });

  it('refuses a card number without its Luhn digit, whatever the interface', async () => {
    const { clock, simulator, reader } = await readerRig();
    simulator.present({ ...goodCard, pan: '6222021234567890127' });
    const read = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(read.error).toMatchObject({ code: 'CARD_UNREADABLE', details: { reason: 'track' } });
  });

  it('reads the next card after a bad one', async () => {
    const { clock, simulator, reader } = await readerRig();
    simulator.present(goodCard, 'removed');
    const first = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    simulator.present(otherCard);
    const second = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(first.error?.code).toBe('CARD_UNREADABLE');
    expect(second.value?.masked).toBe('625094******8599');
  });

  const answers: readonly [what: string, status: number, data: Uint8Array, reason: string][] = [
    ['tampering', 0x1d, new Uint8Array(0), 'tamper'],
    ['an unknown status', 0x77, new Uint8Array(0), 'status-77'],
    ['a failure of its own', STATUS.failed, encodeTlv([[TAG.failure, fromHex('61000000')]]), 'failed'],
    ['a truncated TLV', STATUS.ok, fromHex('01 57 13 62220212'), 'tlv-truncated'],
    ['an indefinite TLV', STATUS.ok, fromHex('01 70 80 5A01AA 0000'), 'tlv-indefinite'],
    ['no data', STATUS.ok, new Uint8Array(0), 'empty'],
    ['encrypted data', STATUS.ok, fromHex('C1 DFEE1201AA'), 'encrypted'],
  ];
  it.each(answers)('reports a fault when the reader answers with %s', async (_what, status, data, reason) => {
    const { clock, simulator, reader } = await readerRig();
    const read = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    simulator.send({ command: COMMAND.activate, sub: status, data });
    await clock.advance(0);
    expect(read.error).toMatchObject({ code: 'DEVICE_FAULT', details: { reason } });
  });

  it('refuses a second reading while one is under way', async () => {
    const { clock, reader } = await readerRig();
    watch(reader.readCard(saleOf(1), never));
    const second = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(second.error?.code).toBe('DEVICE_BUSY');
  });

  it.each([-1, 0.5, 1e12, Number.NaN])('refuses an amount of %d fen', async (amountFen) => {
    const { reader } = await readerRig();
    await expect(reader.readCard(saleOf(amountFen), never)).rejects.toThrow(RangeError);
  });
});

describe('a line that is not good', () => {
  const faults = [
    ['single bytes', 'single-bytes'],
    ['junk in front', 'junk-before'],
    ['answers that come twice', 'duplicated-frame'],
  ] as const;
  it.each(faults)('reads a card in spite of %s', async (_what, fault) => {
    const { clock, simulator, port, reader } = await readerRig();
    arm(wireFaults, fault, port);
    simulator.present(goodCard);
    const read = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(read.value?.masked).toBe('622202*********0128');
  });

  it('does not lose the line when a long answer breaks off', async () => {
    const { clock, simulator, port, reader } = await readerRig();
    const states: string[] = [];
    reader.onStatus(({ state }) => states.push(state));
    port.useIn({ onSend: (bytes, deliver) => deliver(bytes.slice(0, 40)) }, 2);
    simulator.present(goodCard);
    const read = watch(reader.readCard(saleOf(1, { timeoutMs: 2_000 }), never));
    await clock.advance(18_000);
    expect(read.error?.code).toBe('DEVICE_TIMEOUT');
    simulator.present(goodCard);
    const next = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(next.value).toBeDefined();
    expect(states).toEqual([]);
  });

  it('never accepts an answer with a bad CRC, and works again after it', async () => {
    const { clock, simulator, port, reader } = await readerRig();
    arm(wireFaults, 'flipped-bit', port, { times: 2 });
    simulator.present(goodCard);
    const read = watch(reader.readCard(saleOf(1, { timeoutMs: 5_000 }), never));
    await clock.advance(19_000);
    expect(read.done).toBe(false);
    await clock.advance(2_000);
    expect(read.error?.code).toBe('DEVICE_TIMEOUT');
    simulator.present(goodCard);
    const next = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(next.value?.masked).toBe('622202*********0128');
  });
});
