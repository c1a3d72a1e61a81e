import { createHash } from 'node:crypto';
import type { Apply, ApplyResult } from '../protocol/merchant-data.ts';
import { type Asked, findApplication, type Ruling, sendApplyResult } from './applications.ts';
import { applyAccount } from './apply-account.ts';
import { applyMode } from './apply-mode.ts';
import { applyPaper } from './apply-paper.ts';
import { applyProfile } from './apply-profile.ts';
import { applyUser } from './apply-user.ts';
import { HostReject, type TerminalRef } from './business.ts';
import { at } from './crash-points.ts';
import { noEffects } from './effects.ts';
import { type Host, owner } from './host.ts';
import { mayDo } from './permissions.ts';
import type { RowPlan } from './row-plan.ts';
import type { HostTrx } from './store.ts';

/** `apply`: what a merchant asks for once for all its terminals. Decided by the rules of its kind, once for its number; the record goes out before the answer that says done. */
export async function planApply(host: Host, trx: HostTrx, from: TerminalRef, body: Apply): Promise<RowPlan> {
  const fingerprint = createHash('sha256').update(JSON.stringify(body.facts)).digest('hex');
  const known = await findApplication(trx, from, body.no);
  if (known && known.fingerprint !== fingerprint) throw new HostReject('IDEMPOTENCY_CONFLICT');
  if (known) return { expected: noEffects, apply: async () => {} };
  return {
    expected: noEffects,
    apply: async () => {
      const asked: Asked = { from, no: body.no, by: body.by, now: host.clock.now() };
      const allowed = await mayDo(trx, from.merchant, body.by, body.facts.kind);
      const ruling: Ruling = allowed ? await rule(host, trx, asked, body) : { refused: 'FORBIDDEN' };
      await keep(trx, asked, body, { fingerprint, ruling });
      at('host.apply-before-commit');
    },
  };
}

async function rule(host: Host, trx: HostTrx, asked: Asked, { facts }: Apply): Promise<Ruling> {
  switch (facts.kind) {
    case 'account':
      return applyAccount(host, trx, asked, facts);
    case 'mode':
      return applyMode(trx, asked, facts.record);
    case 'profile':
      return applyProfile(trx, asked, facts.change);
    case 'user':
      return applyUser(trx, asked, facts.record);
    case 'paper-statement':
      return applyPaper(trx, asked, facts);
  }
}

async function keep(
  trx: HostTrx,
  asked: Asked,
  body: Apply,
  { fingerprint, ruling }: { readonly fingerprint: string; readonly ruling: Ruling },
): Promise<void> {
  const { from, no, by, now } = asked;
  const outcome = outcomeOf(ruling);
  const application = {
    ...owner(from),
    no,
    kind: body.facts.kind,
    fingerprint,
    by_actor: by,
    state: states[outcome],
    stage: null,
    reason: 'refused' in ruling ? ruling.refused : null,
    facts_json: JSON.stringify({ ...body.facts, sealed: undefined }),
    version: null,
    flaw: null,
    due_at: null,
    decided_by: null,
    at: now,
    ended_at: outcome === 'accepted' ? null : now,
    ...('accepted' in ruling ? ruling.accepted : {}),
  };
  await trx.insertInto('applications').values(application).execute();
  await sendApplyResult(trx, application, now);
}

const states = { accepted: 'ACCEPTED', refused: 'REFUSED', done: 'DONE' } as const;

function outcomeOf(ruling: Ruling): ApplyResult['outcome'] {
  if ('refused' in ruling) return 'refused';
  return 'accepted' in ruling ? 'accepted' : 'done';
}
