import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SimulatedPrinter, simulatedPrinter } from '../drivers/simulator/simulated-printer.ts';
import { Stage } from '../scripts/stage/stage.ts';
import { openPty, type Pty, realClock } from './support/pty.ts';

/** `config.json` names a serial port for the printer, and nothing else: README, "Real devices". */
describe('a real port for one device, the others simulated', () => {
  let pty: Pty;
  let printer: SimulatedPrinter;
  let stage: Stage;

  beforeAll(async () => {
    pty = openPty();
    printer = simulatedPrinter({ clock: realClock, columns: 48 });
    printer.attach(pty.far);
    const config = { printer: `serial:${pty.path}`, printerProfile: 'epson-80' };
    stage = await Stage.open({ limits: { hostWaitMs: 5_000 }, hostTimings: {}, config });
    await stage.startBroker();
    await stage.startHost();
    await stage.startTerminal();
  }, 30_000);

  afterAll(async () => {
    await stage.close();
    pty.close();
  });

  test('the slip comes out of the serial port and still carries the test mark', async () => {
    await stage.cashier.atIdle('01', '0000');
    await stage.cashier.ready();
    expect(await stage.cashier.sale(2_300, 'contactless', { pan: '6222021234567890128', expiry: '3012' })).toBe(
      'approved',
    );
    const [merchantCopy, cardholderCopy] = printer.slips.map((slip) => slip.lines.join('\n'));
    expect(merchantCopy).toContain('RMB 23.00');
    expect(merchantCopy).toContain('***测试/TESTING,凭证无效***');
    expect(cardholderCopy).toContain('***测试/TESTING,凭证无效***');
    expect(printer.violations).toEqual([]);
    expect(stage.devices.printer.slips).toEqual([]);
  }, 30_000);
});
