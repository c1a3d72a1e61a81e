import type { CardRequest } from '../devices.ts';
import { askLong, type Wire } from './ask.ts';
import { type CardAnswer, decodeCardAnswer, isFor } from './card-answer.ts';
import { COMMAND, ERROR, STATUS } from './codes.ts';
import { activateCommand } from './commands.ts';
import { errorCode, failure } from './failure.ts';

/** The reader's time-out is only the wait for the card; the transaction with it may take this much longer. */
export const TRANSACTION_MARGIN_MS = 15_000;

/**
 * 02-40: waits for one card at all three interfaces. `insert`: its chip is to be read, which is another transaction. Throws DeviceError
 * CARD_TIMEOUT, CARD_UNREADABLE, DEVICE_*, CANCELLED.
 */
export function activate(wire: Wire, request: CardRequest, signal: AbortSignal): Promise<CardAnswer | 'insert'> {
  const { device } = wire;
  return askLong<CardAnswer | 'insert'>(
    wire,
    {
      label: 'activate',
      command: COMMAND.activate,
      bytes: activateCommand(request),
      timeoutMs: request.timeoutMs + TRANSACTION_MARGIN_MS,
      twice: false,
      answerOf(frame) {
        if (errorCode(frame) === ERROR.goToContact) return { answer: 'insert' };
        if (frame.sub !== STATUS.ok && frame.sub !== STATUS.onlineRequest) throw failure(device, frame);
        const answer = decodeCardAnswer(device, frame.data);
        return isFor(request.amountFen, answer) ? { answer } : undefined;
      },
    },
    signal,
  );
}
