import { setting } from '../base/settings.ts';
import { isOnline } from '../flows/host-link.ts';
import { onChange, type World } from '../flows/world.ts';
import type { HostParameter } from './host-control.ts';

/** Resolves when the terminal has this parameter; at once for what stays at the host, and without a link. */
export async function hears(world: World, name: string, value: HostParameter): Promise<void> {
  const isDone = (): boolean => {
    const sent: Readonly<Record<string, unknown>> = JSON.parse(setting(world.db, 'parameters') ?? '{}');
    return sent[name] === value || !isOnline(world);
  };
  if (name.startsWith('host.') || isDone()) return;
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (!isDone()) return;
      for (const stop of stops) stop();
      resolve();
    };
    const stops = [onChange(world, look), world.link.onStatus(look)];
  });
}
