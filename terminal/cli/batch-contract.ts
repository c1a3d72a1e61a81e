import * as v from 'valibot';
import { actRequest } from './contract.ts';

/** What `pos` and the running terminal say to each other about batches. */

const text = v.optional(v.string());
const totals = v.object({
  debitCount: v.number(),
  debitFen: v.number(),
  creditCount: v.number(),
  creditFen: v.number(),
});

export const batchView = v.object({
  no: v.string(),
  state: v.string(),
  businessDate: v.string(),
  openedAt: v.number(),
  closedAt: v.optional(v.number()),
  closedBy: text,
  records: v.number(),
  totals: v.object({ domestic: totals, foreign: totals, codes: totals }),
  verdict: v.optional(v.object({ domestic: v.number(), foreign: v.number(), codes: v.number() })),
  isDecided: v.boolean(),
  uploaded: v.number(),
  differences: v.array(
    v.object({
      payment: v.string(),
      stan: v.nullable(v.string()),
      kind: v.string(),
      hereFen: v.nullable(v.number()),
      thereFen: v.nullable(v.number()),
      decision: v.string(),
    }),
  ),
  nextBatch: text,
  clearedAt: v.optional(v.number()),
  prints: v.number(),
});
export type BatchViewAnswer = v.InferOutput<typeof batchView>;

export const batchesAnswer = v.object({ batches: v.array(batchView) });
export const resumeResult = v.object({ outcome: v.picklist(['ended', 'needs-human', 'continues']) });

export const batchParameter = v.strictObject({ no: v.pipe(v.string(), v.regex(/^\d{6}$/)) });
/** `supervisor`: the secret of 00, which a cashier needs. */
export const resumeRequest = v.strictObject({
  ...actRequest.entries,
  supervisor: v.optional(actRequest.entries.secret),
});
