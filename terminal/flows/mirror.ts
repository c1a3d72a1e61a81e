import type { MirrorDiffers } from '../../sync/protocol/settlement.ts';
import { audit } from '../base/audit.ts';
import type { Database, Tx } from '../base/database.ts';
import { setSetting, setting } from '../base/settings.ts';

/** Whether the host's mirror of this book (P-26) says something else. Until people upstream have decided it accepts no instruction; so the next that it accepts tells that they have. */

const name = 'mirror-differs';

export const mirrorDiffers = (db: Database): boolean => (setting(db, name) ?? '') !== '';

export function applyMirrorDiffers(tx: Tx, now: number, body: MirrorDiffers): void {
  const { account: about, bookFen, mirrorFen } = body;
  setSetting(tx, name, JSON.stringify(body));
  audit(tx, { at: now, by: 'SYS', action: name, about, outcome: 'ok', details: { bookFen, mirrorFen } });
}

/** The host accepted an instruction. */
export function noteAccepted(tx: Tx): void {
  if (mirrorDiffers(tx.db)) setSetting(tx, name, '');
}
