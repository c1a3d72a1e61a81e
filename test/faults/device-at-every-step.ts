import { describe } from 'vitest';
import type { DeviceName } from '../../terminal/bench/contract.ts';
import { allFaults, atStep, steps, variationsOf } from './cases.ts';
import { playCases } from './play-cases.ts';

/** Each fault of a device and of its wire, and each step of a sale. */
export function everyFaultAtEveryStep(device: DeviceName): void {
  const faults = allFaults(device);
  describe(`${device}, ${faults.length} faults and every step: charged once or not at all, and the screen says which`, () => {
    const play = playCases();
    for (const at of steps) play(`at ${at}`, atStep(at, device, faults));
    play('in other sales: until mended, 取消, 挥卡, 刷卡', variationsOf(device, faults));
  });
}
