import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export const keepYoungHeapSmall = (): void => {
  setFlagsFromString('--semi-space-growth-factor=1');
  if (process.env['X'] === '1') setFlagsFromString('--optimize-for-size');
  if (process.env['X']) {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc');
    setTimeout(gc, 700).unref();
  }
};
