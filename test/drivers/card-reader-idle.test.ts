import { describe, expect, it } from 'vitest';
import { type TestCard, testCards } from '../../drivers/simulator/test-card.ts';
import { wireFaults } from '../../drivers/simulator/wire-faults.ts';
import { arm, goodCard, otherCard, readerRig, saleOf, watch } from './rig.ts';

const never = new AbortController().signal;
const named = (name: string): TestCard => testCards[name] ?? goodCard;

async function idleRig(options: { readonly hid?: boolean } = {}) {
  const rig = await readerRig(options);
  const stop = new AbortController();
  const offered = watch(rig.reader.awaitCard(stop.signal));
  await rig.clock.advance(0);
  return { ...rig, stop, offered };
}

const activations = (commands: readonly string[]): number => commands.filter((command) => command === '02-40').length;

describe('waiting for a card at idle', () => {
  it('reads a stripe, however long it took', async () => {
    const { clock, simulator, offered } = await idleRig();
    await clock.advance(3_600_000);
    expect(offered.done).toBe(false);
    simulator.swipe(otherCard);
    await clock.advance(0);
    expect(offered.value).toMatchObject({ by: 'swipe', card: { entry: 'MAG', masked: '625094******8599' } });
    expect(activations(simulator.commands)).toBe(121);
    expect(simulator.commands).not.toContain('18-01');
    expect(simulator.violations).toEqual([]);
  });

  it('notices an inserted card, which is read when the amount is known', async () => {
    const { clock, simulator, reader, offered } = await idleRig();
    simulator.insert(goodCard);
    await clock.advance(0);
    expect(offered.value).toEqual({ by: 'insert' });
    const read = watch(reader.readCard(saleOf(500), never));
    await clock.advance(0);
    expect(read.value?.entry).toBe('CHIP');
    expect(read.value?.reveal().emvTags['9F02']).toBe('000000000500');
    expect(simulator.violations).toEqual([]);
  });

  it('leaves a card alone that is held to the reader, without asking in vain all the time', async () => {
    const { clock, simulator, reader, stop, offered } = await idleRig();
    simulator.present(goodCard);
    await clock.advance(10_000);
    expect(offered.done).toBe(false);
    expect(activations(simulator.commands)).toBeLessThanOrEqual(12);
    stop.abort();
    const read = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(read.value?.entry).toBe('CONTACTLESS');
    expect(simulator.violations).toEqual([]);
  });

  it.each([
    ['chip-fallback', 'use-chip'],
    ['bad-track', 'track'],
  ])('does not take the stripe of the card %s: %s', async (name, reason) => {
    const { clock, simulator, offered } = await idleRig();
    simulator.swipe(named(name));
    await clock.advance(0);
    expect(offered.error).toMatchObject({ code: 'CARD_UNREADABLE', details: { reason } });
  });

  it.each([false, true])('lets a payment begin as soon as its caller has cancelled (HID: %s)', async (hid) => {
    const { clock, simulator, reader, stop, offered } = await idleRig({ hid });
    await clock.advance(12_000);
    stop.abort();
    const read = watch(reader.readCard(saleOf(700), never));
    await clock.advance(300);
    expect(offered.error?.code).toBe('CANCELLED');
    expect(simulator.commands.slice(-3)).toEqual(['05-01', '01-01', '02-40']);
    simulator.present(goodCard);
    await clock.advance(0);
    expect(read.value?.reveal().emvTags['9F02']).toBe('000000000700');
    expect(simulator.violations).toEqual([]);
  });

  it('is in the way of a payment until then', async () => {
    const { clock, reader } = await idleRig();
    const read = watch(reader.readCard(saleOf(1), never));
    const finished = watch(reader.finishCard({ kind: 'approved', code: '00' }));
    await clock.advance(0);
    expect(read.error?.code).toBe('DEVICE_BUSY');
    expect(finished.value).toBe('accepted');
  });

  it('notices a reader that has died within a minute, and waits again when asked', async () => {
    const { clock, simulator, port, reader, offered } = await idleRig();
    arm(wireFaults, 'silence', port);
    await clock.advance(60_000);
    expect(offered.error?.code).toBe('DEVICE_TIMEOUT');
    expect(reader.status().state).toBe('absent');
    port.reset();
    await clock.advance(60_000);
    const again = watch(reader.awaitCard(never));
    await clock.advance(0);
    simulator.swipe(otherCard);
    await clock.advance(0);
    expect(again.value?.by).toBe('swipe');
  });

  it('drops a swipe that comes together with the cancel', async () => {
    const { clock, simulator, reader, stop, offered } = await idleRig();
    simulator.swipe(otherCard);
    stop.abort();
    await clock.advance(0);
    expect(offered.error?.code).toBe('CANCELLED');
    const read = watch(reader.readCard(saleOf(1), never));
    await clock.advance(1_000);
    expect(read.done).toBe(false);
  });
});

describe('the stripe of a card with a chip', () => {
  const stripes: readonly [serviceCode: string, fallback: boolean, outcome: string, entryMode: string | undefined][] = [
    ['101', false, 'MAG', undefined],
    ['120', false, 'MAG', undefined],
    ['201', false, 'use-chip', undefined],
    ['220', false, 'use-chip', undefined],
    ['601', false, 'use-chip', undefined],
    ['201', true, 'MAG', '80'],
    ['620', true, 'MAG', '80'],
    ['101', true, 'MAG', undefined],
  ];
  it.each(stripes)('service code %s, fallback %s: %s', async (serviceCode, fallback, outcome, entryMode) => {
    const { clock, simulator, reader } = await readerRig();
    simulator.swipe({ ...goodCard, serviceCode });
    const read = watch(reader.readCard(saleOf(1, { fallback }), never));
    await clock.advance(0);
    expect(read.value?.entry ?? read.error?.details['reason']).toBe(outcome);
    expect(read.value?.reveal().emvTags['9F39']).toBe(entryMode);
  });

  it.each([
    ['101', undefined],
    ['102', undefined],
    ['120', 'online-pin'],
    ['106', 'online-pin'],
  ])('service code %s asks for %s', async (serviceCode, verification) => {
    const { clock, simulator, reader } = await readerRig();
    simulator.swipe({ ...goodCard, serviceCode });
    const read = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(read.value?.verification).toBe(verification);
  });
});

describe('the cards on the bench', () => {
  const good = [
    'unionpay-debit',
    'unionpay-credit',
    'online-pin',
    'cdcvm',
    'no-verification',
    'foreign-visa',
    'foreign-mastercard',
  ];
  it.each(good)('%s can be held to the reader and inserted', async (name) => {
    for (const how of ['present', 'insert'] as const) {
      const { clock, simulator, reader } = await readerRig();
      simulator[how](named(name));
      const read = watch(reader.readCard(saleOf(1), never));
      await clock.advance(0);
      expect(read.value).toMatchObject({ verification: named(name).verification });
    }
  });

  it.each(Object.keys(testCards).filter((name) => name !== 'bad-track'))(
    '%s has a stripe that can be read',
    async (name) => {
      const { clock, simulator, reader } = await readerRig();
      simulator.swipe(named(name));
      const read = watch(reader.readCard(saleOf(1, { fallback: true }), never));
      await clock.advance(0);
      expect(read.value?.entry).toBe('MAG');
    },
  );

  it('have a name in both languages', () => {
    for (const { zh, en } of Object.values(testCards)) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[ -~]+$/);
    }
  });
});
