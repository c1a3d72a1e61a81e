import type { MoreDevices } from '../../scripts/stage/counter-devices.ts';
import type { Random } from '../../terminal/base/random.ts';
import type { SaleStep } from '../../terminal/flows/counter.ts';
import type { TurnableClock } from './turnable-clock.ts';

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
