/** A refusal of the terminal as it came, with its words in both languages (base/error-table.ts). */
export class ConsoleError extends Error {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, zh: string, en: string, details: Readonly<Record<string, unknown>> = {}) {
    super(`${code}: ${en}`);
    this.code = code;
    this.zh = zh;
    this.en = en;
    this.details = details;
  }
}

/** The browser got no answer from the terminal: what was asked may have been done, so the same number is used again. */
export const noAnswer = (): ConsoleError =>
  new ConsoleError(
    'NO_ANSWER',
    '终端程序没有应答，请检查是否在运行，再点一次 (不会重复办理)',
    'The terminal program does not answer; check that it runs, then press again (nothing is done twice)',
  );

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOr = (value: unknown, other: string): string => (typeof value === 'string' ? value : other);

/** Reads `{"error":{code,zh,en,details}}`; whatever else comes is told by its status. */
export function refusalOf(status: number, body: unknown): ConsoleError {
  const error = isRecord(body) && isRecord(body['error']) ? body['error'] : {};
  const code = textOr(error['code'], `HTTP_${status}`);
  return new ConsoleError(
    code,
    textOr(error['zh'], '终端的应答无法识别'),
    textOr(error['en'], 'The answer of the terminal was not understood'),
    isRecord(error['details']) ? error['details'] : {},
  );
}

export const asConsoleError = (error: unknown): ConsoleError => (error instanceof ConsoleError ? error : noAnswer());
