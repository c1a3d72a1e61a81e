import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SyncError } from '../../../sync/errors.ts';
import { maxMessageBytes, pack, parseAs, unpack } from '../../../sync/protocol/envelope.ts';
import { ack } from '../../../sync/protocol/messages.ts';
import { signingKey, verifyKey } from '../../../sync/protocol/signing.ts';

const pair = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const own = signingKey(pair.privateKey);
const theirs = verifyKey(pair.publicKey);
const topic = 'pos/v1/898310000000001/00000001/up/rows';
const message = pack(topic, '{"amountFen":1200,"note":"中文"}', own);

const changed = (find: string, put: string) => Buffer.from(message.toString('utf8').replace(find, put), 'utf8');
const foreign = pack(topic, '{}', signingKey(other.privateKey));
const otherDigit = (digit: string): string => (digit === 'f' ? '0' : 'f');
const code = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof SyncError ? error.code : `${error}`;
  }
  return 'none';
};

describe('an envelope', () => {
  it('brings the payload over as it was', () => {
    expect(unpack(topic, message, theirs)).toEqual({ amountFen: 1200, note: '中文' });
  });

  it('is a header line and the payload', () => {
    const [header, payload] = message.toString('utf8').split('\n');
    expect(JSON.parse(header ?? '')).toEqual({
      v: 1,
      key: own.id,
      sig: expect.stringMatching(/^[A-Za-z0-9+/]{86}==$/),
    });
    expect(payload).toBe('{"amountFen":1200,"note":"中文"}');
  });

  it.each<[string, Buffer, string, string]>([
    ['a changed amount', changed('1200', '1201'), topic, 'BAD_SIGNATURE'],
    ['another topic', message, topic.replace('00000001/', '00000002/'), 'BAD_SIGNATURE'],
    ['another direction', message, topic.replace('/up/', '/down/'), 'BAD_SIGNATURE'],
    ['another key', foreign, topic, 'BAD_SIGNATURE'],
    ['another name of the key', changed(own.id, own.id.replace(/^./, otherDigit)), topic, 'BAD_SIGNATURE'],
    [
      'the name of our key on another signature',
      Buffer.from(foreign.toString('utf8').replace(signingKey(other.privateKey).id, own.id), 'utf8'),
      topic,
      'BAD_SIGNATURE',
    ],
    ['no signature', changed('"sig":"', '"sig":"!!!'), topic, 'BAD_MESSAGE'],
    ['an unknown version', changed('{"v":1', '{"v":2'), topic, 'BAD_MESSAGE'],
    ['no header line', Buffer.from('{"amountFen":1200}'), topic, 'BAD_MESSAGE'],
    ['a header that is not JSON', Buffer.from('hello\n{}'), topic, 'BAD_MESSAGE'],
    ['nothing', Buffer.alloc(0), topic, 'BAD_MESSAGE'],
    ['noise', Buffer.from(Array.from({ length: 500 }, (_, i) => (i * 37) % 256)), topic, 'BAD_MESSAGE'],
    ['a signed payload that is not JSON', pack(topic, '{"a":', own), topic, 'BAD_MESSAGE'],
    ['too many bytes', Buffer.concat([message, Buffer.alloc(maxMessageBytes)]), topic, 'BAD_MESSAGE'],
  ])('fault 10: %s is an error', (_, bytes, on, expected) => {
    expect(code(() => unpack(on, bytes, theirs))).toBe(expected);
  });

  it('is not made when it would be too large to be taken', () => {
    expect(code(() => pack(topic, 'x'.repeat(maxMessageBytes), own))).toBe('BAD_MESSAGE');
  });

  it('names the place of a broken contract, not the value', () => {
    const wrong = { v: 1, epoch: 'secret value!', upTo: 0, ranges: [], rejected: [], window: 4 };
    expect(() => parseAs(ack, wrong)).toThrow(expect.objectContaining({ details: { at: 'epoch', is: 'regex' } }));
    expect(parseAs(ack, { ...wrong, epoch: 'e1', later: 1 })).toEqual({ ...wrong, epoch: 'e1' });
  });
});
