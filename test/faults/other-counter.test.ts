import { describe } from 'vitest';
import type { DeviceName } from '../../terminal/bench/contract.ts';
import { allFaults, atStep, ownFaults, steps, variationsOf } from './cases.ts';
import { playCases } from './play-cases.ts';

/** Reader, keypad and scanner in HID reports, the PIN at the reader's own keys, another printer: with faults that no other counter can have. */
const config = {
  readerProfile: 'vivotech2-hid',
  pinPad: 'reader',
  keypadProfile: 'hid',
  scannerProfile: 'hid-pos',
  printerProfile: 'epson-80',
};
const onlyHere: Partial<Readonly<Record<DeviceName, readonly string[]>>> = {
  'card-reader': ownFaults('card-reader').filter((fault) => /^(hid|pin)-/.test(fault)),
  keypad: ownFaults('keypad'),
  scanner: ownFaults('scanner').filter((fault) => fault.startsWith('hid-')),
};
const devices = ['card-reader', 'keypad', 'scanner', 'printer'] as const;

describe('a counter of other devices: charged once or not at all, and the screen says which', () => {
  const play = playCases(config);
  for (const at of steps)
    play(
      `at ${at}`,
      devices.flatMap((device) => atStep(at, device, onlyHere[device] ?? [])),
    );
  play(
    'in other sales: until mended, 取消, 挥卡, 刷卡',
    devices.flatMap((device) => variationsOf(device, allFaults(device))),
  );
});
