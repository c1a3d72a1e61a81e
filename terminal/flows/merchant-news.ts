import type { ApplyResult, MerchantData, SettlementAccount } from '../../sync/protocol/merchant-data.ts';
import { audit } from '../base/audit.ts';
import type { Tx } from '../base/database.ts';
import { keepMerchantRecord } from '../base/merchant-record.ts';
import { saveParameters } from '../base/parameters.ts';
import { setSetting, setting } from '../base/settings.ts';
import { notice } from '../notices/notice.ts';
import { recordApplyResult } from '../settlement/apply.ts';
import { modeOf, modeWord } from '../settlement/mode.ts';
import { saveAccount } from '../settlement/store.ts';
import { recordUser, refuseUser } from '../users/console-users.ts';

/** What upstream decided for the merchant (sync.md, merchant data): the whole record, of which a newer rev wins. The terminal holds a copy and never moves it. */
export function applyMerchantData(tx: Tx, now: number, body: MerchantData): void {
  const rev = Number(setting(tx.db, 'rev') ?? 0);
  if (body.rev > rev) setSetting(tx, 'rev', String(body.rev));
  switch (body.kind) {
    case 'account':
      applyAccount(tx, now, body.record, body.rev);
      break;
    case 'parameters':
      saveParameters(tx, body.record);
      break;
    case 'mode': {
      const before = modeWord(modeOf(tx.db));
      if (!keepMerchantRecord(tx, body.kind, body.rev, body.record)) break;
      told(tx, now, 'settle-mode', modeWord(body.record), { before });
      break;
    }
    case 'profile':
    case 'calendar':
      if (keepMerchantRecord(tx, body.kind, body.rev, body.record)) told(tx, now, body.kind, String(body.rev));
      break;
    case 'user':
      recordUser(tx, now, body.record);
  }
}

function applyAccount(tx: Tx, now: number, account: SettlementAccount, rev: number): void {
  const { version, state, maskedNumber, reason } = account;
  const before = saveAccount(tx, account, rev);
  told(tx, now, 'account', String(version), { state, reason });
  if (state === 'ERRORED' && before !== state)
    notice(tx, now, {
      text: 'N-07a',
      about: `account:${version}:${rev}`,
      values: { account: maskedNumber, reason: reason ?? '' },
      level: 'warning',
    });
}

const told = (
  tx: Tx,
  at: number,
  action: string,
  about: string,
  details: Readonly<Record<string, string | null>> = {},
): void => audit(tx, { at, by: 'SYS', action, about, outcome: 'ok', details });

/** How upstream decided what was applied for; what it grants comes as merchant data, before this. */
export function applyApplyResult(tx: Tx, now: number, body: ApplyResult): void {
  const { no, kind, state } = recordApplyResult(tx, now, body);
  if (kind === 'user' && state === 'REFUSED') refuseUser(tx, no);
}
