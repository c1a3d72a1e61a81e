import { type Confirmed, UNANSWERED_LIMIT } from './confirmations.ts';
import { encodeSections, type Section } from './encode-slip.ts';
import type { LaidLine } from './layout.ts';
import type { PrinterProfile } from './profiles.ts';

/** A slip on its way to paper, and which of its lines have arrived there for certain. Kept in memory only. */
export class SlipJob {
  readonly #lines: readonly LaidLine[];
  readonly #profile: PrinterProfile;
  #sections: readonly Section[];
  /** Lines that stand before the missing ones in this try. */
  #leadLines = 0;
  /** Lines on paper before this try. */
  #before = 0;
  #onPaper = 0;
  #sent = 0;
  #answered = 0;
  #wasSent = false;
  #isTorn = false;

  /** Throws RangeError when a line cannot be printed. */
  constructor(lines: readonly LaidLine[], profile: PrinterProfile) {
    this.#lines = lines;
    this.#profile = profile;
    this.#sections = encodeSections(lines, profile);
  }

  get isOnPaper(): boolean {
    return this.#onPaper === this.#lines.length;
  }

  /** A confirmation was passed over by a later one: what it was for is lost, and what came behind it may be junk. */
  get isTorn(): boolean {
    return this.#isTorn;
  }

  get missingLines(): number {
    return this.#lines.length - this.#onPaper;
  }

  /** Of the section that was sent last. */
  get lastBytes(): number {
    return this.#sections[this.#sent - 1]?.bytes.length ?? 0;
  }

  /** Another try, with what is missing behind `head`. There is nothing to be continued as long as nothing was sent. */
  again(head: readonly LaidLine[]): void {
    const lead = this.#wasSent ? head : [];
    this.#sections = encodeSections([...lead, ...this.#lines.slice(this.#onPaper)], this.#profile);
    this.#leadLines = lead.length;
    this.#before = this.#onPaper;
    this.#sent = 0;
    this.#answered = 0;
    this.#isTorn = false;
  }

  /** What is to be sent next; undefined: nothing, before more is confirmed. It counts as sent. */
  takeSection(): (Confirmed & { readonly bytes: Uint8Array }) | undefined {
    const section = this.#sections[this.#sent];
    if (!section || this.#isTorn || this.#sent - this.#answered >= UNANSWERED_LIMIT) return undefined;
    this.#sent += 1;
    this.#wasSent = true;
    return {
      bytes: section.bytes,
      onPaper: () => {
        this.#answered += 1;
        if (!this.#isTorn) this.#onPaper = this.#before + Math.max(0, section.lines - this.#leadLines);
      },
      onLost: () => {
        this.#isTorn = true;
      },
    };
  }

  /** The whole try at once, for a printer that confirms nothing. */
  takeAll(): readonly Uint8Array[] {
    this.#wasSent = true;
    return this.#sections.map(({ bytes }) => bytes);
  }

  wasPrinted(): void {
    this.#onPaper = this.#lines.length;
  }
}
