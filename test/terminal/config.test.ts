import { describe, expect, test } from 'vitest';
import { printerProfiles } from '../../drivers/printer/profiles.ts';
import { TerminalError } from '../../terminal/base/errors.ts';
import { isSimulated, readConfig } from '../../terminal/config.ts';

const real = {
  host: 'acquirer',
  reader: 'hid:0acd:3530',
  pinPad: 'reader',
  scanner: 'serial:usb:1a86:7523@9600',
  display: 'none',
  printer: 'serial:/dev/ttyUSB1',
} as const;

/** What a person reads when the configuration is refused. */
function refusalOf(json: unknown): string {
  try {
    readConfig(json);
  } catch (error) {
    if (error instanceof TerminalError && error.code === 'BAD_REQUEST') return String(error.details['what']);
    throw error;
  }
  return '';
}

describe('config.json is refused, and the words name field, value and limit', () => {
  test.each([
    ['a port that is no address', { printer: '/dev/ttyS0' }, 'printer', '"/dev/ttyS0"', 'serial:/dev/…[@baud]'],
    ['a USB vendor of three digits', { scanner: 'serial:usb:1a8:7523' }, 'scanner', '1a8:7523', 'serial:usb:VVVV:PPPP'],
    ['a printer behind HID', { printer: 'hid:04b8:0202' }, 'printer', '04b8:0202', 'tcp:host:port'],
    ['a terminal without a reader', { reader: 'none' }, 'reader', '"none"', 'hid:/dev/hidrawN'],
    ['the PIN entered at the scanner', { pinPad: 'scanner' }, 'pinPad', '"scanner"', 'sim | none | reader'],
    ['a printer profile that there is not', { printerProfile: 'star' }, 'printerProfile', '"star"', '"escpos-58"'],
    ['a scanner profile that there is not', { scannerProfile: 'text' }, 'scannerProfile', '"text"', '"gm72-ssi"'],
    ['a drawer at a pin without one', { drawer: 3 }, 'drawer', '3', '5'],
    ['a logo outside the home', { logo: '../logo.pbm' }, 'logo', '../logo.pbm', 'pbm'],
    ['a merchant number of 14 digits', { merchant: '89811005812000' }, 'merchant', '898110', '15'],
    ['a name that is not known', { printerr: 'sim' }, 'printerr', '没有这个字段', 'no such field'],
    ['a limit below what it may be', { limits: { hostWaitMs: 1 } }, 'limits.hostWaitMs', '1', '>=100'],
    ['a number as text', { limits: { maxRecords: '500' } }, 'limits.maxRecords', '"500"', 'number'],
    ['no object', 'sim', 'config.json', '"sim"', 'Object'],
  ])('%s', (_, json, field, value, limit) => {
    const words = refusalOf(json);
    expect(words).toContain(field);
    expect(words).toContain(value);
    expect(words).toContain(limit);
  });

  test.each([
    ['a HID reader with the serial profile', { reader: 'hid:0acd:3530', readerProfile: 'vivotech2-serial' }],
    ['a serial reader with the HID profile', { reader: 'serial:/dev/ttyUSB0', readerProfile: 'vivotech2-hid' }],
    ['a HID scanner that sends text', { scanner: 'hid:/dev/hidraw0', scannerProfile: 'text-cr' }],
    ['a serial keypad with boot reports', { keypad: 'serial:/dev/ttyUSB2', keypadProfile: 'hid' }],
  ])('%s, which would never answer', (_, json) => {
    expect(refusalOf(json)).toMatch(/Profile: [\w-]+ 不能用于 does not fit/);
  });

  test('the password of a broker stands in no message', () => {
    const words = refusalOf({ brokerUrl: 'https://pos:hunter2@broker.example' });
    expect(words).toContain('broker.example');
    expect(words).not.toContain('hunter2');
  });
});

describe('a device by its port', () => {
  test.each([
    ['printer', 'serial:/dev/serial/by-id/usb-FTDI_FT232R-if00-port0@19200'],
    ['printer', 'serial:usb:04b8:0e15'],
    ['printer', 'serial:usb:04B8:0E15:A1B2@115200'],
    ['printer', 'tcp:192.168.1.9:9100'],
    ['reader', 'hid:0acd:3530'],
    ['reader', 'hid:/dev/hidraw3'],
    ['scanner', 'hid:8c/2'],
    ['pinPad', 'serial:/dev/ttyS1@9600'],
    ['keypad', 'sim'],
    ['scanner', 'none'],
    ['display', 'tcp:[::1]:4000'],
  ] as const)('%s at %s', (name, address) => {
    expect(readConfig({ [name]: address })[name]).toBe(address);
  });

  test.each([
    ['a HID reader', { reader: 'hid:0acd:3530' }, { readerProfile: 'vivotech2-hid' }],
    ['a serial reader', { reader: 'serial:/dev/ttyUSB0' }, { readerProfile: 'vivotech2-serial' }],
    ['a HID scanner', { scanner: 'hid:0c2e:0200' }, { scannerProfile: 'hid-pos' }],
    [
      'a named profile',
      { scanner: 'hid:0c2e:0200', scannerProfile: 'hid-pos-honeywell' },
      { scannerProfile: 'hid-pos-honeywell' },
    ],
    ['a simulated reader over HID reports', { readerProfile: 'vivotech2-hid' }, { readerProfile: 'vivotech2-hid' }],
    ['a HID keypad', { keypad: 'hid:/dev/hidraw1' }, { keypadProfile: 'hid' }],
  ])('%s: its profile', (_, json, profile) => {
    expect(readConfig(json)).toMatchObject(profile);
  });

  test('nothing named: everything at hand is simulated, and no keypad of its own', () => {
    expect(readConfig({})).toMatchObject({
      reader: 'sim',
      pinPad: 'sim',
      scanner: 'sim',
      display: 'sim',
      printer: 'sim',
      keypad: 'none',
      drawer: 'none',
      logo: 'none',
      resumePrint: 'rest',
      limits: { pinFreeFen: 100_000, pinWaitMs: 60_000, scanWaitMs: 60_000 },
    });
  });

  test.each(Object.keys(printerProfiles))('printer profile %s', (printerProfile) => {
    expect(readConfig({ printerProfile }).printerProfile).toBe(printerProfile);
  });
});

describe('simulated or real', () => {
  test.each(['reader', 'pinPad', 'scanner', 'keypad', 'display', 'printer'])(
    'a real acquirer cannot be configured while the %s is simulated (faces.md, rule 11)',
    (name) => {
      expect(readConfig(real).host).toBe('acquirer');
      expect(refusalOf({ ...real, [name]: 'sim' })).toContain(name);
    },
  );

  test.each([
    ['nothing named', {}, true],
    ['one real device', { printer: real.printer }, true],
    ['every device real, the reference host', { ...real, host: 'reference' }, true],
    ['every device real, a real acquirer', real, false],
  ])('%s: test mark %s', (_, json, simulated) => {
    expect(isSimulated(readConfig(json))).toBe(simulated);
  });
});
