import type { TerminalRef } from './business.ts';
import { owner } from './host.ts';
import { findMerchant } from './merchants.ts';
import { sendDown } from './send-down.ts';
import type { ApplicationTable } from './settlement-tables.ts';
import type { HostTrx } from './store.ts';

/** Applications as the host keeps and answers them; what each kind asks is in apply-….ts. */

/** An application that is being ruled on. */
export interface Asked {
  readonly from: TerminalRef;
  readonly no: string;
  readonly by: string;
  readonly now: number;
}

/** Done: the record was changed. Accepted: it is looked at. Refused, with a code of errors.md: nothing changed. */
export type Ruling =
  | { readonly done: true }
  | {
      readonly accepted: Partial<Pick<ApplicationTable, 'stage' | 'version' | 'flaw' | 'due_at' | 'facts_json'>>;
    }
  | { readonly refused: string };

export async function findApplication(
  trx: HostTrx,
  from: TerminalRef,
  no: string,
): Promise<ApplicationTable | undefined> {
  return trx
    .selectFrom('applications')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), no }))
    .executeTakeFirst();
}

/** Moves an application on and tells its terminal. */
export async function moveApplication(
  trx: HostTrx,
  application: ApplicationTable,
  set: Partial<ApplicationTable>,
  now: number,
  remark?: string,
): Promise<void> {
  const { no } = application;
  await trx
    .updateTable('applications')
    .set(set)
    .where((eb) => eb.and({ ...owner(application), no }))
    .execute();
  await sendApplyResult(trx, { ...application, ...set }, now, remark);
}

const outcomes = { ACCEPTED: 'accepted', DONE: 'done', REFUSED: 'refused' } as const;

/** How it stands now, with what the reviewer says to it; each outcome and stage goes out once. */
export async function sendApplyResult(
  trx: HostTrx,
  application: ApplicationTable,
  now: number,
  remark: string | null = null,
): Promise<void> {
  const { no, stage, reason, state } = application;
  const outcome = outcomes[state];
  const rev = (await findMerchant(trx, application.merchant))?.rev ?? 0;
  await sendDown(trx, application, {
    kind: 'apply-result',
    id: [no, outcome, stage].filter((part) => part !== null).join(':'),
    body: { no, at: now, application: no, outcome, stage, reason, remark, rev },
  });
}
