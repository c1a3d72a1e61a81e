import { Connection, type DriverOptions } from '../connection.ts';
import type { CardReader, PinPad } from '../devices.ts';
import { DeviceError } from '../errors.ts';
import { type Vivotech2Frame, vivotech2Decoder } from '../framing/vivotech2.ts';
import type { Link } from '../link.ts';
import { activate } from './activate.ts';
import { ask, type Wire } from './ask.ts';
import { awaitCard } from './await-card.ts';
import { COMMAND, STATUS, statusName } from './codes.ts';
import { cancelCommand, pinCancelCommand, pingCommand, pollOnDemandCommand } from './commands.ts';
import { finishChip, readChip } from './contact.ts';
import { decodeCard } from './decode-card.ts';
import { readPin } from './read-pin.ts';

/** How long a chip may wait for the host's word, PIN entries included. After that the sale has been given up. */
const CHIP_WAITS_MS = 300_000;

interface WaitingChip {
  readonly link: Link<Vivotech2Frame>;
  readonly sinceMs: number;
  readonly atc: string | undefined;
}

/** What is under way at the reader. */
interface Session {
  /** Of whoever uses the reader now. */
  user: AbortSignal | undefined;
  /** A chip waits for `finishCard`, on this link; `lost`: it did, and its transaction has ended since. */
  chip: 'none' | 'lost' | WaitingChip;
  /** A PIN entry began whose end was not seen. */
  pin: boolean;
}

/**
 * An ID TECH reader that speaks ViVOtech2, polled on demand: contactless EMV, stripe and chip, and PIN entry at the reader's own keys
 * (`pinPad`, over the same connection). DeviceError DEVICE_BUSY while it is in use. After a cancel or a time-out the reader is brought to
 * rest before the next command; a late result is dropped.
 */
export function vivotech2Reader(options: DriverOptions): CardReader & { readonly pinPad: PinPad } {
  const { name, clock } = options;
  const session: Session = { user: undefined, chip: 'none', pin: false };

  const connection: Connection<Vivotech2Frame> = new Connection<Vivotech2Frame>(options, {
    decoder: (emit) => vivotech2Decoder('answer', emit),
    settle: (link) => settle(name, link, session),
    async check(link) {
      const { chip } = session;
      if (typeof chip === 'object' && clock.now() - chip.sinceMs < CHIP_WAITS_MS) return;
      await endChip(link);
      await ask(link, 'ping', COMMAND.ping, pingCommand());
    },
    unsolicited(frame) {
      frame.data.fill(0);
      if (frame.command === COMMAND.boot) {
        // The reader has restarted and forgotten its poll mode.
        connection.settle();
        return true;
      }
      return isRemark(frame);
    },
  });

  /** Whoever has cancelled is no longer in the way. */
  const mustBeFree = (): void => {
    if (session.user && !session.user.aborted) throw new DeviceError('DEVICE_BUSY', name, 'the reader is in use');
  };
  const wired =
    <T>(work: (wire: Wire) => Promise<T>) =>
    (link: Link<Vivotech2Frame>): Promise<T> =>
      work({ device: name, link, clock });
  const use = async <T>(signal: AbortSignal, work: (wire: Wire) => Promise<T>): Promise<T> => {
    mustBeFree();
    session.user = signal;
    try {
      return await connection.use(wired(work), signal);
    } finally {
      if (session.user === signal) session.user = undefined;
    }
  };

  const endChip = async (link: Link<Vivotech2Frame>): Promise<void> => {
    if (typeof session.chip === 'object') await settle(name, link, session);
  };

  return {
    ...connection.device(),
    readCard: (request, signal) =>
      use(signal, async (wire) => {
        await endChip(wire.link);
        session.chip = 'none';
        const answer = await activate(wire, request, signal);
        if (answer !== 'insert') return decodeCard(name, answer, request.fallback ?? false);
        const card = await unsettledUnlessDone(wire, () => readChip(wire, request, signal));
        session.chip = { link: wire.link, sinceMs: clock.now(), atc: card.emvForSlip?.atc };
        return card;
      }),
    awaitCard: (signal) =>
      use(signal, async (wire) => {
        await endChip(wire.link);
        return awaitCard(wire, signal);
      }),
    async finishCard(result) {
      if (session.chip === 'none') return 'accepted';
      mustBeFree();
      // It cannot be cancelled: whoever comes meanwhile waits for its end.
      return connection.use(
        wired(async (wire) => {
          const { chip } = session;
          if (typeof chip !== 'object' || chip.link !== wire.link)
            throw new DeviceError('DEVICE_ABSENT', name, 'the transaction with the chip was lost');
          const finished = await unsettledUnlessDone(wire, () => finishChip(wire, chip.atc, result));
          session.chip = 'none';
          return finished;
        }),
      );
    },
    pinPad: {
      ...connection.device(),
      name: 'pin-pad',
      readPin: (request, signal) =>
        use(signal, async (wire) => {
          session.pin = true;
          try {
            return await readPin(wire, request, signal);
          } finally {
            session.pin = wire.link.unsettled;
          }
        }),
    },
  };
}

/** What a reader says in passing, first answers among it; no result. */
function isRemark({ command, sub, data }: Vivotech2Frame): boolean {
  if (command === COMMAND.pin) return sub === STATUS.ok && data.length === 0;
  return command === COMMAND.askHost || sub === STATUS.userInterfaceEvent || sub === STATUS.accepted;
}

/** A transaction with a chip that broke off is ended in the reader too. */
async function unsettledUnlessDone<T>({ link }: Wire, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    link.unsettled = true;
    throw error;
  }
}

/**
 * Ends whatever the reader is doing, which may have been begun by an earlier life of this process, and sets its mode. The answers come in
 * order, so a late answer to anything older arrives, and is dropped, before these.
 */
async function settle(device: string, link: Link<Vivotech2Frame>, session: Session): Promise<void> {
  const endPin = (): Promise<unknown> => ask(link, 'pin-cancel', COMMAND.pin, pinCancelCommand());
  const cancel = (): Promise<Vivotech2Frame> => ask(link, 'cancel', COMMAND.cancel, cancelCommand());
  if (typeof session.chip === 'object') session.chip = 'lost';
  if (session.pin) await endPin();
  session.pin = false;
  // So a reader refuses everything else while a PIN is entered.
  if ((await cancel()).sub === STATUS.failed) {
    await endPin();
    await cancel();
  }
  const { sub } = await ask(link, 'poll-mode', COMMAND.pollMode, pollOnDemandCommand());
  if (sub !== STATUS.ok) {
    throw new DeviceError('DEVICE_FAULT', device, 'the poll mode is refused', { reason: statusName(sub) });
  }
}
