import { describe, expect, it } from 'vitest';
import type { HostResult } from '../../drivers/devices.ts';
import { toHex } from '../../drivers/framing/tlv.ts';
import { readerFaults } from '../../drivers/simulator/reader-faults.ts';
import { type TestCard, testCards } from '../../drivers/simulator/test-card.ts';
import { arm, goodCard, readerRig, saleOf, watch } from './rig.ts';

const never = new AbortController().signal;
const approved: HostResult = { kind: 'approved', code: '00' };

const named = (name: string): TestCard => testCards[name] ?? goodCard;

/** A card whose chip was read and waits for the host's word. */
async function chipRead(card: TestCard = goodCard) {
  const rig = await readerRig();
  const read = watch(rig.reader.readCard(saleOf(12_345), never));
  await rig.clock.advance(0);
  rig.simulator.insert(card);
  await rig.clock.advance(0);
  return { ...rig, read };
}

type Rig = Awaited<ReturnType<typeof readerRig>>;

/** What the driver writes from now on, without header and CRC. */
function written({ port }: Rig): string[] {
  const commands: string[] = [];
  port.useOut({
    onSend(bytes, deliver) {
      commands.push(toHex(bytes.subarray(10, -2)));
      deliver(bytes);
    },
  });
  return commands;
}

describe('reading a chip', () => {
  it('reads an inserted card with what the host and the slip need', async () => {
    const { read, simulator } = await chipRead(named('online-pin'));
    const card = read.value;
    expect(card).toMatchObject({ entry: 'CHIP', masked: '622588*********0334', verification: 'online-pin' });
    expect(card?.emvForSlip).toMatchObject({ aid: 'A000000333010101', tvr: '0000000000', atc: '0001' });
    expect(card?.emvForSlip?.arqc).toMatch(/^[0-9A-F]{16}$/);
    expect(card?.reveal()).toMatchObject({
      pan: '6225880011002200334',
      track2: '6225880011002200334=310520100000123',
      expiry: '3105',
      emvTags: { '9F02': '000000012345', '9C': '00', '5F2A': '0156', '9F27': '80', '9F39': '05', '5F34': '01' },
    });
    expect(Object.keys(card?.reveal().emvTags ?? {})).not.toContain('57');
    expect(simulator.violations).toEqual([]);
  });

  it('says to reader, chip and host the same, byte for byte', async () => {
    const rig = await readerRig();
    const commands = written(rig);
    const tags = '9F0206000000012345 9C0100 5F2A020156'.replaceAll(' ', '');
    rig.simulator.insert(goodCard);
    watch(rig.reader.readCard(saleOf(12_345, { timeoutMs: 60_000 }), never));
    await rig.clock.advance(0);
    watch(rig.reader.finishCard(approved));
    await rig.clock.advance(0);
    expect(commands).toEqual(
      [
        `0240 0012 3C ${tags}`,
        `6010 0016 00 003C 001E ${tags}`,
        '6100 0000', // the reader had asked to show something
        '6011 0000',
        '6012 0004 8A02 3030',
      ].map((command) => command.replaceAll(' ', '')),
    );
  });

  it('waits for the card when one that was held to the reader must be inserted', async () => {
    const { clock, simulator, reader } = await readerRig();
    arm(readerFaults, 'go-to-contact', simulator, { times: 1 });
    const read = watch(reader.readCard(saleOf(1), never));
    await clock.advance(10_000);
    expect(read.done).toBe(false);
    simulator.insert(goodCard);
    await clock.advance(0);
    expect(read.value?.entry).toBe('CHIP');
    expect(simulator.violations).toEqual([]);
  });

  const reasons: readonly [card: string, reason: string][] = [
    ['chip-fallback', 'chip'],
    ['magstripe', 'chip'],
    ['expired', 'expired'],
    ['blocked', 'blocked'],
    ['unsupported', 'unsupported'],
    ['removed-early', 'removed'],
    ['declines', 'declined'],
  ];
  it.each(reasons)('says why the card %s cannot be used: %s', async (name, reason) => {
    const { read, simulator, clock, reader } = await chipRead(named(name));
    expect(read.error).toMatchObject({ code: 'CARD_UNREADABLE', details: { reason } });
    // The reader was brought to rest, and reads the next card.
    expect(simulator.commands.slice(-2)).toEqual(['05-01', '01-01']);
    simulator.takeAway();
    simulator.present(goodCard);
    const next = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(next.value?.entry).toBe('CONTACTLESS');
    expect(simulator.violations).toEqual([]);
  });

  it.each([
    ['before the card was inserted', 0],
    ['while the chip was read', 1],
  ])('obeys a cancel %s', async (_when, step) => {
    const { clock, simulator, reader } = await readerRig();
    if (step === 1) simulator.use({ onSend: (bytes, deliver) => (bytes[10] === 0x61 ? undefined : deliver(bytes)) });
    const cancel = new AbortController();
    const read = watch(reader.readCard(saleOf(1), cancel.signal));
    await clock.advance(0);
    if (step === 1) simulator.insert(goodCard);
    await clock.advance(0);
    expect(simulator.isWaiting()).toBe(true);
    cancel.abort();
    await clock.advance(300);
    expect(read.error?.code).toBe('CANCELLED');
    expect(simulator.isWaiting()).toBe(false);
    expect(simulator.violations).toEqual([]);
  });
});

describe('the host’s word for the chip', () => {
  const words: readonly [what: string, result: HostResult, code: string, outcome: string][] = [
    ['approved', approved, '3030', 'accepted'],
    ['declined', { kind: 'declined', code: '51' }, '3531', 'refused'],
    ['declined with a word that is no code', { kind: 'declined', code: '00' }, '3035', 'refused'],
    ['declined without a code', { kind: 'declined', code: undefined }, '3035', 'refused'],
    ['no answer', { kind: 'no-answer', code: undefined }, '5A33', 'refused'],
  ];
  it.each(words)('%s', async (_what, result, code, outcome) => {
    const rig = await chipRead();
    const commands = written(rig);
    const finished = watch(rig.reader.finishCard(result));
    await rig.clock.advance(0);
    expect(finished.value).toBe(outcome);
    expect(commands).toEqual([`601200048A02${code}`]);
    expect(rig.simulator.violations).toEqual([]);
  });

  it.each(['present', 'swipe'] as const)('is not asked for by a card that was not inserted (%s)', async (how) => {
    const { clock, simulator, reader } = await readerRig();
    simulator[how](goodCard);
    watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    const before = simulator.commands.length;
    expect(await reader.finishCard(approved)).toBe('accepted');
    expect(simulator.commands).toHaveLength(before);
  });

  it('comes too late for a card that was pulled out', async () => {
    const { clock, simulator, reader } = await chipRead();
    simulator.takeAway();
    const finished = watch(reader.finishCard(approved));
    await clock.advance(0);
    expect(finished.error).toMatchObject({ code: 'CARD_UNREADABLE', details: { reason: 'removed' } });
  });

  const meanwhile: readonly [what: string, happen: (rig: Rig, idle: AbortSignal) => void][] = [
    ['was unplugged', ({ port }) => port.hangUp()],
    ['was restarted', ({ simulator }) => simulator.restart()],
    ['waited for the next card', ({ reader }, idle) => void watch(reader.awaitCard(idle))],
  ];
  it.each(meanwhile)('is not given to a reader that %s', async (_what, happen) => {
    const rig = await chipRead();
    rig.simulator.takeAway();
    const idle = new AbortController();
    happen(rig, idle.signal);
    await rig.clock.advance(5_000);
    idle.abort();
    const finished = watch(rig.reader.finishCard(approved));
    await rig.clock.advance(0);
    expect(finished.error?.code).toBe('DEVICE_ABSENT');
    expect(rig.simulator.commands).not.toContain('60-12');
    expect(rig.simulator.violations).toEqual([]);
  });

  it('can take its time: nothing disturbs the chip meanwhile', async () => {
    const { clock, simulator, reader } = await chipRead();
    const before = simulator.commands.length;
    await clock.advance(120_000);
    expect(simulator.commands).toHaveLength(before);
    const finished = watch(reader.finishCard(approved));
    await clock.advance(0);
    expect(finished.value).toBe('accepted');
    await clock.advance(10_000);
    expect(simulator.commands.at(-1)).toBe('18-01');
    expect(simulator.violations).toEqual([]);
  });

  it('is waited for by whoever wants the reader next', async () => {
    const { clock, simulator, reader } = await chipRead();
    simulator.use({ onSend: (bytes, deliver) => void clock.after(1_500, () => deliver(bytes)) }, 2);
    const finished = watch(reader.finishCard(approved));
    await clock.advance(0);
    simulator.takeAway();
    const next = watch(reader.readCard(saleOf(1), never));
    await clock.advance(1_400);
    expect([finished.done, next.done, simulator.commands.at(-1)]).toEqual([false, false, '60-12']);
    await clock.advance(200);
    expect(finished.value).toBe('accepted');
    expect(simulator.commands.at(-1)).toBe('02-40');
    expect(simulator.violations).toEqual([]);
  });

  it('that never comes ends the transaction with the next card, and at the latest after five minutes', async () => {
    const { clock, simulator, reader } = await chipRead();
    simulator.takeAway();
    simulator.present(goodCard);
    const next = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(next.value?.entry).toBe('CONTACTLESS');
    simulator.insert(goodCard);
    watch(reader.readCard(saleOf(1), never));
    await clock.advance(302_000);
    expect(simulator.commands.slice(-3)).toEqual(['05-01', '01-01', '18-01']);
    expect(simulator.violations).toEqual([]);
  });
});
