import type { CodeInstrument } from '../../sync/protocol/code-requests.ts';
import type { EntryMode } from '../../sync/protocol/common.ts';
import type { Database } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { parameter } from '../base/parameters.ts';

/** What the merchant does not take is refused before it is sent (B-018). INSTRUMENT_NOT_SUPPORTED. */
export function requireInstrument(db: Database, entry: EntryMode): void {
  if (!parameter(db, `instrument.${entry}`)) throw new TerminalError('INSTRUMENT_NOT_SUPPORTED', { what: entry });
}

/** Which wallet a customer's code is of, by its first two digits as the wallets publish them. Undefined: only the host can tell. */
export const walletOf = (code: string): CodeInstrument | undefined => wallets.find(([form]) => form.test(code))?.[1];

const wallets: readonly (readonly [form: RegExp, instrument: CodeInstrument])[] = [
  [/^1[0-5]/, 'QR_WECHAT'],
  [/^(2[5-9]|30)/, 'QR_ALIPAY'],
  [/^62/, 'QR_UNIONPAY'],
];
