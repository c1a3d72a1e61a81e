import { afterAll, expect, it } from 'vitest';
import { cancelPlaces } from '../../scripts/bench/cancel-places.ts';
import { playCounter } from '../../scripts/bench/f4-counter.ts';
import { openDevices } from '../../scripts/stage/counter-devices.ts';

const devices = await openDevices();
afterAll(() => devices.close());

/** A small F4: what is measured is there for every key and every sale. How long it took is for `npm run bench -- F4`. */
it('times every key, every part of a sale and 取消 wherever the screen waits, while the link drains and the book is checked', async () => {
  const { keyMs, sales, cancelMs, echoMs, reports, drained } = await playCounter(2, 50, devices);
  expect(sales).toHaveLength(2);
  const times = [...keyMs, ...cancelMs, ...echoMs, ...sales.flatMap((sale) => Object.values(sale))];
  expect(times.filter((ms) => !(ms >= 0))).toEqual([]);
  expect(keyMs).toHaveLength(2 * 7);
  expect(cancelMs).toHaveLength(cancelPlaces.length);
  expect(reports).toBeGreaterThan(0);
  expect(drained).toBeGreaterThan(0);
}, 60_000);
