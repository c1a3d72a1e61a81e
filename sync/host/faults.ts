import type { Request } from '../protocol/requests.ts';

/** The faults a tester may arm. In memory only: a restart of the host forgets them; what they decided stays. */
export type RequestKind = Request['kind'];

export type Fault =
  | { readonly kind: 'settle-fail'; readonly reason: string }
  | { readonly kind: 'settle-return' }
  /** The next compare ends in error: verdict 3. */
  | { readonly kind: 'verdict-error' }
  /** The next refund is refused, or accepted and then fails. */
  | { readonly kind: 'refund-refuse'; readonly reason: string }
  | { readonly kind: 'refund-fail'; readonly reason: string }
  /** The next stored sale or advice is refused. */
  | { readonly kind: 'forward-refuse'; readonly code: string }
  | { readonly kind: 'invoice-fail'; readonly reason: string }
  /** The next bill is a bad file: another hash, another count, a line that is none, a part that is missing. */
  | { readonly kind: 'spoil-bill'; readonly how: 'hash' | 'rows' | 'line' | 'part' }
  /** The next customer scans no code and pays nothing. */
  | { readonly kind: 'wallet-silent' }
  /** The next request of this kind is declined with this code; a reversal's is not kept. */
  | { readonly kind: 'decline'; readonly of: RequestKind; readonly code: string }
  /** The approval is answered and then forgotten: the close will not balance. */
  | { readonly kind: 'forget-approval' }
  /** Committed, not sent; asked again it is answered. */
  | { readonly kind: 'drop-answer'; readonly of: RequestKind }
  | { readonly kind: 'delay-answer'; readonly of: RequestKind; readonly ms: number };

type Armed = { readonly fault: Fault; left: number };
type Of<K extends Fault['kind']> = Extract<Fault, { kind: K }>;

export class Faults {
  private armed: Armed[] = [];
  private silentUntil = 0;

  /** Arms a fault for the next `times` occasions, after those armed before. */
  arm(fault: Fault, times: number): void {
    this.armed.push({ fault, left: times });
  }

  /** The fault that meets this occasion, if any; it is used up by one. */
  take<K extends Fault['kind']>(kind: K, of?: RequestKind): Of<K> | null {
    const fits = (fault: Fault): fault is Of<K> => fault.kind === kind && (!('of' in fault) || fault.of === of);
    for (const armed of this.armed) {
      const { fault } = armed;
      if (armed.left === 0 || !fits(fault)) continue;
      armed.left -= 1;
      return fault;
    }
    return null;
  }

  /** The host hears no request until then. */
  silence(untilMs: number): void {
    this.silentUntil = untilMs;
  }

  isSilent(nowMs: number): boolean {
    return nowMs < this.silentUntil;
  }

  reset(): void {
    this.armed = [];
    this.silentUntil = 0;
  }

  /** What is still armed, for the testers' view. */
  list(): readonly (Fault & { readonly left: number })[] {
    return this.armed.filter((a) => a.left > 0).map((a) => ({ ...a.fault, left: a.left }));
  }
}
