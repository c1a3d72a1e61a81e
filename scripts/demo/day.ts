import { codesAndOffline } from './day-codes.ts';
import { giveBack } from './day-give-back.ts';
import { morning } from './day-morning.ts';
import { night } from './day-night.ts';
import { secondBatch } from './day-second-batch.ts';
import type { Chapter } from './step.ts';

/**
 * Amounts differ, so that every charge can be told in either book. Their last two digits steer the reference host (sync/host/amount-table.ts): 51 declined, 98 no
 * answer, 99 booked but the answer lost, 10 half approved, 11 a tenth off, 08 verify the customer first. Contactless up to 1,000.00 pays the discount fee
 * (E-071), everything else the normal one.
 */
export const day: readonly Chapter[] = [...morning, ...giveBack, ...codesAndOffline, ...secondBatch, ...night];
