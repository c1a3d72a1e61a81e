import type { MoreDevices } from '../../scripts/stage/counter-devices.ts';
import { type Clock, systemClock } from '../../terminal/base/clock.ts';
import type { Random } from '../../terminal/base/random.ts';
import type { SaleStep } from '../../terminal/flows/counter.ts';
import type { TurnableClock } from './turnable-clock.ts';

/** Short enough for a test; the waits for an answer are long, so that a busy machine does not turn an approval into no answer. */
export const limits = {
  hostWaitMs: 8_000,
  reversalWaitMs: 2_000,
  reversalRetryMs: 20,
  reversalRetryMaxMs: 100,
  resendMs: 60,
  resendMaxMs: 300,
  backoffMs: 10,
  backoffMaxMs: 60,
  idleMs: 100,
  printerQuietMs: 5,
};

export const unionPayCard = { pan: '6222021234567890128', expiry: '3012' };
export const visaCard = { pan: '4111111111111111', expiry: '3012' };

export interface TestSystemOptions {
  readonly limits?: Readonly<Record<string, number>>;
  readonly hostParameters?: Readonly<Record<string, string | number | boolean>>;
  /** More of the merchant; it settles by hand unless told. */
  readonly hostMerchant?: Readonly<Record<string, unknown>>;
  /** How often the host looks at what is due to be sent again; rarely, where the clock is turned on for minutes. */
  readonly hostTickMs?: number;
  /** What both clocks show at the start. */
  readonly now?: number;
  /** What stands at the counter beside reader and printer. */
  readonly devices?: MoreDevices & { readonly keypad?: boolean };
  /** More of `config.json`. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Of both programs, in place of the real one; the tester's bench may turn it. */
  readonly clock?: TurnableClock;
  /** Of the terminal, in place of the real one. */
  readonly random?: Random;
  /** Keep the terminal's log in `log/` too, as the program does. */
  readonly logFiles?: boolean;
}

export interface SellOptions {
  readonly how?: 'contactless' | 'swipe';
  readonly card?: { readonly pan: string; readonly expiry: string };
  /** The customer; in place of presenting the card. */
  readonly atReader?: () => void;
  readonly signal?: AbortSignal;
  readonly onStep?: (step: SaleStep) => void;
  readonly confirm?: () => Promise<boolean>;
}

/** The real time, from `now` on. */
export function clockFrom(now: number | undefined): Clock {
  const offsetMs = now === undefined ? 0 : now - systemClock.now();
  return { now: () => systemClock.now() + offsetMs, after: systemClock.after };
}
