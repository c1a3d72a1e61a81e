/** Rows that one answer lists at most. */
export const maxListed = 500;
