import * as v from 'valibot';
import { text } from '../protocol/common.ts';

/** What several commands of people hold. */

/** Left out: the first one. */
export const terminal = v.optional(v.pipe(v.string(), v.regex(/^\d{8}$/)));
export const reason = v.pipe(v.string(), v.regex(/^[A-Z][A-Z_]{2,39}$/));
export const words = v.pipe(text, v.trim(), v.minLength(1));
/** Who acts: at the desk whoever is logged in, whatever the page says. */
export const by = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,40}$/));
/** Left out: `U`, upstream. */
export const signed = v.optional(by);
