import { hidPosLayouts } from '../../../drivers/framing/hid-pos.ts';
import type { Config } from '../../config.ts';
import type { DeviceName } from '../contract.ts';
import type { Dialect } from './dialect.ts';
import { displayDialect } from './display.ts';
import { escposDialect } from './escpos.ts';
import { inHidReports } from './hid-reports.ts';
import { k100Dialect } from './k100.ts';
import { hidKeypadDialect, serialKeypadDialect } from './keypad.ts';
import { hidScannerDialect, textScannerDialect } from './scanner.ts';
import { vivotech2Dialect } from './vivotech2.ts';

/** The languages of the devices as they are configured. */
export const dialectsFor = (config: Config): Readonly<Record<DeviceName, Dialect>> => ({
  'card-reader': config.readerProfile === 'vivotech2-hid' ? inHidReports(vivotech2Dialect()) : vivotech2Dialect(),
  'pin-pad': k100Dialect(),
  scanner: scannerDialect(config.scannerProfile),
  keypad: config.keypadProfile === 'serial' ? serialKeypadDialect() : hidKeypadDialect(),
  display: displayDialect(),
  printer: escposDialect(),
});

function scannerDialect(profile: Config['scannerProfile']): Dialect {
  if (!profile.startsWith('hid-pos')) return textScannerDialect();
  return hidScannerDialect(profile === 'hid-pos-microscan' ? hidPosLayouts.microscan : hidPosLayouts.common);
}
