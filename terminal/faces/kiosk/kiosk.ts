import type { Kiosk, KioskOptions } from './server.ts';

/**
 * Serves the keypad screen as a page for one browser on this machine, until `stop`. The web server is loaded only now: most terminals never
 * need it.
 */
export async function startKiosk(options: KioskOptions): Promise<Kiosk> {
  const { serveKiosk } = await import('./server.ts');
  return serveKiosk(options);
}
