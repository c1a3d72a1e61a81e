/** What a log-in name may be, as contract.ts checks it. */
export const loginForm = /^[a-z][a-z0-9._-]{2,31}$/;
