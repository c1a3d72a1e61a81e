import { sleep } from '../clock.ts';
import type { CardRequest, OfferedCard } from '../devices.ts';
import { isDeviceError } from '../errors.ts';
import { activate } from './activate.ts';
import type { Wire } from './ask.ts';
import { type CardAnswer, eraseAnswer } from './card-answer.ts';
import { ATTRIBUTION, ERROR } from './codes.ts';
import { decodeCard } from './decode-card.ts';

/** A reader that is waiting cannot be pinged: one that has died shows by the missing end of this window. */
const WINDOW: CardRequest = { amountFen: 0, type: 'sale', timeoutMs: 30_000 };
/** A card that lies on the reader without an amount ends each wait at once. */
const LEFT_ALONE_MS = 1_000;

/** Waits until a card is swiped or inserted. Throws DeviceError CARD_UNREADABLE (of a stripe), DEVICE_*, CANCELLED. */
export async function awaitCard(wire: Wire, signal: AbortSignal): Promise<OfferedCard> {
  for (;;) {
    const answer = await oneWindow(wire, signal);
    if (answer === 'insert') return { by: 'insert' };
    if (answer === 'again') continue;
    if (answer !== 'left-alone' && answer.attribution & ATTRIBUTION.swipeMask)
      return { by: 'swipe', card: decodeCard(wire.device, answer, false) };
    if (answer !== 'left-alone') eraseAnswer(answer);
    await sleep(wire.clock, LEFT_ALONE_MS, signal);
  }
}

async function oneWindow(wire: Wire, signal: AbortSignal): Promise<CardAnswer | 'insert' | 'again' | 'left-alone'> {
  try {
    return await activate(wire, WINDOW, signal);
  } catch (error) {
    if (!isDeviceError(error)) throw error;
    if (error.code === 'CARD_TIMEOUT') return 'again';
    // A stripe is read without an error: these are about a card that was held to the reader.
    if (error.code === 'CARD_UNREADABLE' || error.details['errorCode'] === ERROR.amountZero) return 'left-alone';
    throw error;
  }
}
