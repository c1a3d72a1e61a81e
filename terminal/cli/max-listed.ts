/** Rows that one answer lists at most. */
export const maxListed = 500;
export const maxAuditLines = 10_000;
