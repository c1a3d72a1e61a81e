/** `expiresMs`: when this place is left by itself. Places that wait for someone else have none. */
export interface Expires {
  readonly expiresMs: number;
}
