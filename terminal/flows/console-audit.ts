import { auditRows, auditRowsBy, auditSteps } from '../base/audit.ts';
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
export async function auditPart(
  world: World,
  asker: User,
  { by, before, limit }: AuditAsk,
  signal: AbortSignal | undefined,
): Promise<AuditPart> {
  authorise(asker, 'look');
  const rows =
    by === undefined
      ? auditRows(world.db, limit, before)
      : await finishSlowly(auditRowsBy(world.db, by, limit, before), world.clock, signal);
  const brokenAt = await proved(world);
  const lines = rows.map((line) => ({ ...line, details: line.details ?? {} }));
  return { lines, intact: brokenAt === undefined, brokenAt };
}

/** Goes on when its asker leaves: the next one needs it, too. */
function proved({ db, clock }: World): Promise<number | undefined> {
  const last = lastProof(db);
  const now = clock.now();
  const age = now - (last.proof?.at ?? 0);
  if (last.proof && age >= 0 && age <= goodMs) return last.proof.brokenAt;
  const brokenAt = finishSlowly(auditSteps(db), clock);
  last.proof = { at: now, brokenAt };
  brokenAt.catch(() => {
    last.proof = undefined;
  });
  return brokenAt;
}
