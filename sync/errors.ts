/** What can go wrong on the link. `code` is stable; details never hold a payload. */
export type SyncErrorCode =
  | 'OFFLINE' // no welcome on this connection
  | 'NO_ANSWER' // a request's deadline passed: the outcome is unknown
  | 'CANCELLED'
  | 'BAD_MESSAGE' // not JSON, too large, wrong shape, unknown kind or version
  | 'BAD_SIGNATURE'
  | 'WRONG_TERMINAL'
  | 'REPLAYED'
  | 'REFUSED'; // the broker or the host does not want us

export class SyncError extends Error {
  readonly code: SyncErrorCode;
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(code: SyncErrorCode, message: string, details: Readonly<Record<string, string | number | boolean>> = {}) {
    super(message);
    this.name = 'SyncError';
    this.code = code;
    this.details = details;
  }
}
