import { auditRows, auditSteps } from '../base/audit.ts';
import { perDatabase } from '../base/database.ts';
import { finishSlowly } from '../base/steps.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import type { AuditAsk, AuditPart } from './console-desk.ts';
import type { World } from './world.ts';

/** The whole chain is read for a proof, so it is not proved again for each page. */
const goodMs = 10 * 60_000;

interface Proof {
  readonly at: number;
  readonly brokenAt: Promise<number | undefined>;
}

const lastProof = perDatabase((): { proof: Proof | undefined } => ({ proof: undefined }));

/** 审计. FORBIDDEN. */
export async function auditPart(world: World, asker: User, { by, before, limit }: AuditAsk): Promise<AuditPart> {
  authorise(asker, 'look');
  const brokenAt = await proved(world);
  const lines = auditRows(world.db, limit, by, before).map((line) => ({ ...line, details: line.details ?? {} }));
  return { lines, intact: brokenAt === undefined, brokenAt };
}

function proved({ db, clock }: World): Promise<number | undefined> {
  const last = lastProof(db);
  const now = clock.now();
  const age = now - (last.proof?.at ?? 0);
  if (!last.proof || age < 0 || age > goodMs) last.proof = { at: now, brokenAt: finishSlowly(auditSteps(db), clock) };
  return last.proof.brokenAt;
}
