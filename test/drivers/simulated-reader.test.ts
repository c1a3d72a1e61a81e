import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../drivers/framing/tlv.ts';
import { encodeVivotech2, type Vivotech2Frame, vivotech2Decoder } from '../../drivers/framing/vivotech2.ts';
import { simulatedReader } from '../../drivers/simulator/simulated-reader.ts';
import { transportPair } from '../../drivers/transport/pair.ts';
import { testClock } from '../support/test-clock.ts';
import { goodCard } from './rig.ts';

const TAGS = '9F0206000000000100 9C0100 5F2A020156';
const settled = ['05-01', '01-01 01'];
const pinFor = (digits: string): string =>
  `62-01 11 ${digits.length.toString(16).padStart(2, '0')} ${Buffer.from(digits).toString('hex')} 06 04 00`;

/** A terminal that knows no manners: it sends these commands, as `02-40 data`, one after another. */
async function told(commands: readonly string[], { answersLateMs = 0, isInserted = false } = {}) {
  const clock = testClock();
  const simulator = simulatedReader({ clock });
  const { near, far } = transportPair();
  const answers: string[] = [];
  const decoder = vivotech2Decoder('answer', ({ command, sub, data }: Vivotech2Frame) => {
    answers.push(toHex(Uint8Array.of(command, sub, ...data.subarray(0, 1))));
  });
  near.onData((bytes) => decoder.push(bytes));
  simulator.attach(far);
  if (isInserted) simulator.insert(goodCard);
  if (answersLateMs > 0)
    simulator.use({ onSend: (bytes, deliver) => void clock.after(answersLateMs, () => deliver(bytes)) });
  for (const command of commands) {
    const [code = 0, sub = 0, ...data] = fromHex(command.replaceAll('-', ' '));
    const direction = code === 0x61 ? 'answer' : 'command';
    await near.write(encodeVivotech2(direction, { command: code, sub, data: Uint8Array.from(data) }));
    await clock.advance(10);
  }
  return { simulator, answers };
}

describe('what a driver must not do to a reader', () => {
  const rules: readonly [what: string, commands: readonly string[], violations: readonly string[]][] = [
    ['the proper start', [...settled, '18-01', `02-40 1E ${TAGS}`, '05-01'], []],
    ['a ping while it waits for a card', [...settled, `02-40 1E ${TAGS}`, '18-01'], ['18-01 while waiting for a card']],
    ['a second activation', [...settled, `02-40 1E ${TAGS}`, `02-40 1E ${TAGS}`], ['02-40 while waiting for a card']],
    [
      'a ping while it waits for a chip',
      [...settled, `60-10 00 001E 001E ${TAGS}`, '18-01'],
      ['18-01 while waiting for a card'],
    ],
    ['an unknown command', [...settled, '7F-01'], ['unknown command 7F-01']],
    ['an activation of the older form', [...settled, `02-01 1E ${TAGS}`], ['unknown command 02-01']],
    [
      'a ping while a PIN is entered',
      [...settled, pinFor('1234567890123456'), '18-01'],
      ['18-01 while a PIN is entered'],
    ],
    [
      'a cancel that does not end a PIN',
      [...settled, pinFor('1234567890123456'), '05-01'],
      ['05-01 while a PIN is entered'],
    ],
    ['the cancel that ends a PIN', [...settled, pinFor('1234567890123456'), '62-00', '05-01'], []],
  ];
  it.each(rules)('%s', async (_what, commands, violations) => {
    expect((await told(commands)).simulator.violations).toEqual(violations);
  });

  it('disturb a chip between two steps', async () => {
    const { simulator } = await told([...settled, `60-10 00 001E 001E ${TAGS}`, '61-00', '18-01'], {
      isInserted: true,
    });
    expect(simulator.violations).toEqual(['18-01 in a transaction with a chip']);
  });

  it('send a second command before an answer, also behind a cancel', async () => {
    const { simulator } = await told(['18-01', '05-01', '01-01 01'], { answersLateMs: 500 });
    expect(simulator.violations).toEqual(['01-01 before the answer to 05-01']);
  });

  it('is taken for a cancel while it waits, and refused while a PIN is entered', async () => {
    const waiting = await told([...settled, `02-40 1E ${TAGS}`, '18-01']);
    expect(waiting.simulator.isWaiting()).toBe(false);
    const entering = await told([...settled, pinFor('1234567890123456'), '18-01']);
    expect(entering.simulator.isPinOpen()).toBe(true);
    expect(entering.answers.at(-1)).toBe('180A');
  });

  const refused: readonly [what: string, command: string, answer: string][] = [
    ['an activation before the poll mode is set', `02-40 1E ${TAGS}`, '020B'],
    ['60-11 without 60-10', '60-11', '600B'],
    ['60-12 without 60-11', '60-12 8A023030', '600B'],
    ['60-10 without an amount', '60-10 00 001E 001E 9C0100 5F2A020156', '6005'],
    ['a PIN for 19 digits', pinFor('6222021234567890128'), '620A03'],
    ['a PIN with another key type', pinFor('1234567890123456').replace('62-01 11', '62-01 01'), '620A03'],
  ];
  it.each(refused)('%s is refused', async (_what, command, answer) => {
    expect((await told(['05-01', command])).answers.at(-1)).toBe(answer);
  });
});
