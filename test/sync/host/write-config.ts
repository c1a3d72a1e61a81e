import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A host's configuration with the embedded broker, in `home`; `change` replaces fields. The terminal's keys must be there. */
export function hostConfig(home: string, change: object = {}) {
  return {
    home,
    broker: { port: 0 },
    merchant: {
      number: '898310000000001',
      name: '测试商户',
      account: { name: '测试商户', number: '6222020000001234', bank: '工商银行' },
    },
    terminals: [{ terminal: '00000001', publicKeyFile: join(home, 'keys/terminal.pub') }],
    timings: { backOffMinMs: 20, backOffMaxMs: 100, tickMs: 50 },
    ...change,
  };
}

/** Writes it and returns the file. */
export function writeConfig(home: string, change: object = {}): string {
  const file = join(home, 'host.json');
  writeFileSync(file, JSON.stringify(hostConfig(home, change)));
  return file;
}
