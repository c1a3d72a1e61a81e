export type Progress = (step: { readonly at: string }) => void;

/**
 * Answers with NDJSON: a progress line for each step, then exactly one result or error. What is refused before the first step rejects instead,
 * so that it gets an HTTP status of its own. A caller who leaves only aborts `signal`; the work decides what that means and is always awaited.
 */
export function streamed(
  work: (progress: Progress) => Promise<object>,
  errorLine: (error: unknown) => object,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    let out: ReadableStreamDefaultController<Uint8Array> | undefined;
    let begun = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        out = controller;
      },
      cancel: () => {
        out = undefined;
      },
    });
    const say = (line: object): void => {
      if (!begun) resolve(new Response(body, { headers: { 'content-type': 'application/x-ndjson' } }));
      begun = true;
      out?.enqueue(Buffer.from(`${JSON.stringify(line)}\n`));
    };
    work((step) => say({ kind: 'progress', ...step }))
      .then((result) => say({ kind: 'result', ...result }))
      .catch((error: unknown) => (begun ? say(errorLine(error)) : reject(error)))
      .finally(() => out?.close())
      .catch(reject);
  });
}
