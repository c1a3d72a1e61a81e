import * as v from 'valibot';

/** Where people are reached. */
export const emailAddress = v.pipe(v.string(), v.maxLength(120), v.regex(/^[\w.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/));
/** A mobile number of the mainland. */
export const mobileNumber = v.pipe(v.string(), v.regex(/^1[3-9]\d{9}$/));
