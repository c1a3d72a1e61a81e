import type { Application } from '../protocol/merchant-data.ts';
import { type Asked, findApplication, moveApplication, type Ruling } from './applications.ts';
import type { TerminalRef } from './business.ts';
import type { Host } from './host.ts';
import { readProfile } from './merchant-records.ts';
import { isDay, shanghaiDay } from './shanghai.ts';
import type { HostTrx } from './store.ts';

type Paper = Extract<Application, { kind: 'paper-statement' }>;

/** A statement on paper (B-035): REQUESTED, and then people print and mail it. Without an address it goes to the merchant's. */
export async function applyPaper(trx: HostTrx, { from, now }: Asked, { month, address }: Paper): Promise<Ruling> {
  if (!isDay(`${month}-01`) || month > shanghaiDay(now).slice(0, 7)) return { refused: 'INVALID_RANGE' };
  const to = address.trim() || ((await readProfile(trx, from.merchant)).address ?? '');
  if (to.trim() === '') return { refused: 'ADDRESS_REQUIRED' };
  return { accepted: { stage: 'REQUESTED', facts_json: JSON.stringify({ month, address: to }) } };
}

/** It was printed, or what was printed was mailed. */
export async function advancePaper(
  host: Host,
  trx: HostTrx,
  of: TerminalRef,
  no: string,
  decided_by: string,
): Promise<'done' | 'NOT_FOUND' | 'ILLEGAL_STATE'> {
  const application = await findApplication(trx, of, no);
  if (application?.kind !== 'paper-statement') return 'NOT_FOUND';
  if (application.state !== 'ACCEPTED') return 'ILLEGAL_STATE';
  const now = host.clock.now();
  const printed = application.stage === 'REQUESTED';
  await moveApplication(
    trx,
    application,
    printed ? { stage: 'PRINTED', decided_by } : { stage: 'MAILED', decided_by, state: 'DONE', ended_at: now },
    now,
  );
  return 'done';
}
