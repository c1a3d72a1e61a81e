import type { Clock } from '../clock.ts';
import { pack } from '../protocol/envelope.ts';
import type { Hello } from '../protocol/messages.ts';
import type { SigningKey } from '../protocol/signing.ts';
import { ackQos, type DownName, downTopic } from '../protocol/topics.ts';
import type { TerminalRef } from './business.ts';
import { copiesOf, type LinkFaults } from './link-faults.ts';
import type { Outcome } from './link-groups.ts';

/** What the host says to a terminal, signed, through the faults that a tester armed. */

export interface Speaker {
  readonly boot: string;
  /** Messages in flight in each direction of each terminal. */
  readonly window: number;
  readonly clock: Clock;
  readonly keys: { readonly own: SigningKey };
  readonly faults: LinkFaults;
  readonly publish: (topic: string, message: Buffer, qos: 0 | 1) => Promise<boolean>;
}

export function say(speaker: Speaker, to: TerminalRef, name: DownName, message: object): void {
  void sayText(speaker, to, name, JSON.stringify(message));
}

export async function sayText(speaker: Speaker, to: TerminalRef, name: DownName, payload: string): Promise<boolean> {
  const { faults, clock, keys, publish } = speaker;
  const topic = downTopic(to, name);
  const message = pack(topic, payload, keys.own);
  const copies = copiesOf(name, faults);
  if (copies === 0) return true;
  if (faults.delayMs > 0) await new Promise<void>((resolve) => clock.after(faults.delayMs, resolve));
  const qos = name === 'ack' ? ackQos : 1;
  if (copies === 2) void publish(topic, message, qos);
  return await publish(topic, message, qos);
}

/** Answers a hello. */
export function welcome(speaker: Speaker, { from, stream, have, restoring, lastHash }: Outcome, hello: Hello): void {
  sayWelcome(speaker, from, hello.deviceTime, {
    appliedUp: have.upTo,
    ranges: have.ranges,
    downEpoch: stream.down_epoch,
    downHighest: stream.down_highest - stream.down_base,
    restoring,
    lastHash,
  });
}

const nothing = { appliedUp: 0, ranges: [], downEpoch: '-', downHighest: 0 };

/** A terminal that is connected already can not know that the host is new: this makes it say hello. */
export const invite = (speaker: Speaker, to: TerminalRef): void => sayWelcome(speaker, to, 0, nothing);

/** Only whoever said this hello takes it for an answer. */
export const retire = (speaker: Speaker, to: TerminalRef, { deviceTime }: Hello): void =>
  sayWelcome(speaker, to, deviceTime, { ...nothing, retired: true });

function sayWelcome(speaker: Speaker, to: TerminalRef, deviceTime: number, what: object): void {
  const { boot, clock, window } = speaker;
  say(speaker, to, 'welcome', { v: 1, boot, hostTime: clock.now(), deviceTime, window, ...what });
}
