/** Time and chance of the browser, the only ones that the pages use. */

export const nowMs = (): number => Date.now();

/** Runs `act` once, later. Returns the way to forget it. */
export function afterMs(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

/** Runs `act` again and again. Returns the way to stop. */
export function every(ms: number, act: () => void): () => void {
  const timer = setInterval(act, ms);
  return () => clearInterval(timer);
}

/** Number of one intent, for `Idempotency-Key`. */
export const newKey = (): string => crypto.randomUUID();

/** Put by the server into the page at each request (CSP). */
export const cspNonce = (): string => document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/** The scroll lock of antd's dialogs writes a style element without the nonce that everything else of antd is given. */
export function giveStylesTheNonce(nonce: string): void {
  document.createElement = new Proxy(document.createElement, {
    apply(create, owner, given: Parameters<typeof document.createElement>) {
      const element: HTMLElement = Reflect.apply(create, owner, given);
      if (element instanceof HTMLStyleElement) element.nonce = nonce;
      return element;
    },
  });
}
