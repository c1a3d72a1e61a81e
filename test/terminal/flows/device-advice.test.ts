import { describe, expect, test } from 'vitest';
import { deviceAdvice } from '../../../terminal/flows/device-advice.ts';
import { problemWords } from '../../../terminal/screens/texts.ts';

/** Every word that a driver says of its device (DeviceStatus.problem), and the states that stand for one. */
const words = [
  'ABSENT',
  'DEVICE_ABSENT',
  'LOST',
  'NO_ANSWER',
  'DEVICE_TIMEOUT',
  'PORT_IN_USE',
  'NO_PERMISSION',
  'HID_UNAVAILABLE',
  'CONNECTING',
  'STOPPED',
  'PAPER_OUT',
  'PAPER_NEAR_END',
  'COVER_OPEN',
  'CUTTER',
  'MECHANICAL',
  'UNRECOVERABLE',
  'OVERHEATED',
  'RESTARTED',
  'OFFLINE',
  'KEY_STUCK',
  'CODE_INCOMPLETE',
];

describe('what is wrong with a device', () => {
  const unknown = { zh: deviceAdvice('SOMETHING_NEW', 'zh'), en: deviceAdvice('SOMETHING_NEW', 'en') };

  test.each(words)('%s has words of its own, here and on the idle screen', (word) => {
    expect(deviceAdvice(word, 'zh')).not.toBe(unknown.zh);
    expect(deviceAdvice(word, 'en')).not.toBe(unknown.en);
    expect(deviceAdvice(word, 'en')).toMatch(/^[ -~]+$/);
    if (word !== 'UNRECOVERABLE') expect(problemWords('zh', word)).not.toBe(problemWords('zh', 'SOMETHING_NEW'));
  });

  test('who holds the port is named', () => {
    expect(deviceAdvice('PORT_IN_USE', 'zh', 'pos (pid 812)')).toBe('端口被 pos (pid 812) 占用，请关闭它');
    expect(deviceAdvice('PORT_IN_USE', 'en', 'pos (pid 812)')).toBe('port in use by pos (pid 812); stop it');
    expect(deviceAdvice('PORT_IN_USE', 'zh')).toBe('端口被占用，请关闭另一个程序');
  });
});
