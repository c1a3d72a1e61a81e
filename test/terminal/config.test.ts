import { describe, expect, test } from 'vitest';
import { TerminalError } from '../../terminal/base/errors.ts';
import { isSimulated, readConfig } from '../../terminal/config.ts';

const real = { host: 'acquirer', reader: 'serial:/dev/ttyUSB0@115200', printer: 'serial:/dev/ttyUSB1' } as const;

describe('config.json', () => {
  test.each([
    ['a port that is no address', { printer: '/dev/ttyS0' }, 'printer'],
    ['a simulated keypad, which there is not', { keypad: 'sim' }, 'keypad'],
    ['a merchant number of 14 digits', { merchant: '89811005812000' }, 'merchant'],
    ['a name that is not known', { printerr: 'sim' }, 'printerr'],
    ['a limit below what it may be', { limits: { hostWaitMs: 1 } }, 'limits.hostWaitMs'],
    ['a number as text', { limits: { maxRecords: '500' } }, 'limits.maxRecords'],
    ['no object', 'sim', 'config.json'],
  ])('%s: BAD_REQUEST, naming the field', (_, json, field) => {
    const read = () => readConfig(json);
    expect(read).toThrow(TerminalError);
    expect(read).toThrow(
      expect.objectContaining({
        code: 'BAD_REQUEST',
        details: expect.objectContaining({ what: expect.stringContaining(field) }),
      }),
    );
  });

  test('a real acquirer cannot be configured while a device is simulated (faces.md, rule 11)', () => {
    expect(() => readConfig({ host: 'acquirer' })).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
    expect(readConfig(real).host).toBe('acquirer');
  });

  test.each([
    ['nothing named', {}, true],
    ['one real device', { printer: real.printer }, true],
    ['every device real, the reference host', { ...real, host: 'reference' }, true],
    ['every device real, a real acquirer', real, false],
  ])('%s: test mark %s', (_, json, simulated) => {
    expect(isSimulated(readConfig(json))).toBe(simulated);
  });
});
