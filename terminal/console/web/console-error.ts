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
  new ConsoleError('NO_ANSWER', '终端程序没有应答', 'No answer from the terminal program');

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOr = (value: unknown, other: string): string => (typeof value === 'string' ? value : other);

/** Reads `{"error":{code,zh,en,details}}`; whatever else comes is told by its status. */
function refusalOf(status: number, body: unknown): ConsoleError {
  const error = isRecord(body) && isRecord(body['error']) ? body['error'] : {};
  const code = textOr(error['code'], `HTTP_${status}`);
  return new ConsoleError(
    code,
    textOr(error['zh'], '终端的应答无法识别'),
    textOr(error['en'], 'The answer of the terminal was not understood'),
    isRecord(error['details']) ? error['details'] : {},
  );
}

/** What a response says. Throws ConsoleError: a refusal, or NO_ANSWER where the body was cut on its way, for it was not told what became of it. */
export async function answerOf(response: Response): Promise<unknown> {
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    if (response.ok) throw noAnswer();
  }
  if (!response.ok) throw refusalOf(response.status, body);
  return body;
}

export const asConsoleError = (error: unknown): ConsoleError => (error instanceof ConsoleError ? error : noAnswer());
