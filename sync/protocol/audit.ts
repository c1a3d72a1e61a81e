import * as v from 'valibot';
import { count, text, upFrame } from './common.ts';

/**
 * The audit family, rows up without an answer and without journals.
 *
 * `telemetry`, id = its number: the self-check (B-045), one item for each of power, network, broker, host, clock, disk, database and device.
 * `audit-line`, id = its seq in the terminal's chain: `hash` is that line's, over the line before; no secrets and no card data.
 */

export const telemetry = upFrame(
  v.object({
    items: v.pipe(
      v.array(v.object({ name: text, state: v.picklist(['ok', 'warn', 'failed', 'unknown']), detail: text })),
      v.maxLength(64),
    ),
  }),
);

export const auditLine = upFrame(
  v.object({ seq: count, action: text, about: text, outcome: v.picklist(['ok', 'refused']), hash: text }),
);
