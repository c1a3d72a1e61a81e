import * as v from 'valibot';

/** Parts that every message family uses. Amounts are integers of fen; numbers and ids are strings; times are milliseconds since 1970, UTC. */

export const fen = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const signedFen = v.pipe(v.number(), v.safeInteger());
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const sequence = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
export const time = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** A number given once for the life of a thing: a payment (ULID), a settlement, a batch. */
export const number = v.pipe(v.string(), v.regex(/^[A-Za-z0-9:_.-]{1,80}$/));
export const stan = v.pipe(v.string(), v.regex(/^\d{6}$/));
export const batchNo = v.pipe(v.string(), v.regex(/^\d{6}$/));
/** A calendar day in Shanghai, YYYY-MM-DD. */
export const day = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/));
/** DE 39: two characters. */
export const responseCode = v.pipe(v.string(), v.regex(/^[0-9A-Z]{2}$/));
export const text = v.pipe(v.string(), v.maxLength(200));
/** What a person wrote. */
export const longText = v.pipe(v.string(), v.maxLength(2_000));
/** Who did it: an operator's number at the keypad, the log-in name of a user of the console, or `SYS`. */
export const actor = v.pipe(v.string(), v.regex(/^(\d{2}|SYS|[a-z][a-z0-9._-]{2,31})$/));

/** First six, last four. */
export const maskedCard = v.pipe(v.string(), v.regex(/^[\d*]{10,19}$/));

/** The merchant's registered category (E-073). In rows null, in requests missing, from a terminal that was not told it yet. */
export const mcc = v.pipe(v.string(), v.regex(/^\d{4}$/));

/** How the card or code was read (DE 22 in words). */
export const entryMode = v.picklist(['MAG', 'CHIP', 'CONTACTLESS', 'QR_WECHAT', 'QR_ALIPAY', 'QR_UNIONPAY']);
export type EntryMode = v.InferOutput<typeof entryMode>;

/** What a payment number stands for (payments.md, transactions). A refund is an instruction of its own (refunds.ts). */
export const txnKind = v.picklist([
  'sale',
  'void',
  'preauth',
  'preauth-void',
  'completion',
  'completion-void',
  'code-sale',
  'stored-sale',
  'completion-advice',
]);
export type TxnKind = v.InferOutput<typeof txnKind>;

/** Where the money of a channel is expected: cards, WeChat, Alipay, UnionPay QR. */
export const receivable = v.picklist(['1101', '1102', '1103', '1104']);

/** The groups whose totals are compared at batch close (payments.md, batch close 2). */
export const group = v.picklist(['domestic', 'foreign', 'codes']);
export type Group = v.InferOutput<typeof group>;

/** Count and amount of the debit and credit side of one group; gross profile. */
export const groupTotals = v.object({ debitCount: count, debitFen: fen, creditCount: count, creditFen: fen });
export type GroupTotals = v.InferOutput<typeof groupTotals>;
export const batchTotals = v.object({ domestic: groupTotals, foreign: groupTotals, codes: groupTotals });
export type BatchTotals = v.InferOutput<typeof batchTotals>;

/** One journal as it travels: account keys as in accounting.md §1, e.g. `2001:01JD…`. Lines: account, side, fen. */
export const journalOnWire = v.object({
  key: v.pipe(v.string(), v.maxLength(120)),
  event: v.pipe(v.string(), v.regex(/^J-\d{2}[a-z]?$/)),
  no: number,
  at: time,
  by: actor,
  lines: v.pipe(
    v.array(v.tuple([v.pipe(v.string(), v.maxLength(120)), v.picklist(['D', 'C']), v.pipe(fen, v.minValue(1))])),
    v.minLength(2),
    v.maxLength(64),
  ),
});
export type JournalOnWire = v.InferOutput<typeof journalOnWire>;

/** A number that the other end puts so many more characters to, for a number of its own. */
export const numberWithRoom = (more: number) => v.pipe(number, v.maxLength(80 - more));

/** Every row up has the same frame: what happened, when, by whom, the facts of its kind, and the journals of its transaction. */
export const upFrame = <F extends v.GenericSchema>(facts: F) =>
  v.object({ no: number, at: time, by: actor, facts, journals: v.array(journalOnWire) });

/** The outcome of an instruction (sync.md): legal order accepted → succeeded | failed; refused ends it; returned only after succeeded. */
export const outcome = v.picklist(['accepted', 'refused', 'succeeded', 'failed', 'returned']);
export const limit = v.object({ name: text, used: signedFen, limit: signedFen, who: text });
