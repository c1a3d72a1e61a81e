import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { bundle, bundleOf, Device, version } from './installed-device.ts';

/** install.sh runs as root and removes folders: none but its own. */

describe('what is not ours stays', () => {
  let device: Device;
  const foreign = ['bin/tool', 'lib/a/b.so', 'share/x', '.hidden/y', 'notes'];
  const put = (folderIn: string, names = foreign) => {
    for (const name of names) {
      mkdirSync(join(folderIn, name, '..'), { recursive: true });
      writeFileSync(join(folderIn, name), 'not ours');
    }
  };
  const files = (): readonly string[] => readdirSync(device.root, { recursive: true, encoding: 'utf8' }).sort();

  beforeEach(() => {
    device = new Device();
  });

  test.each(['', '--uninstall'])('%s --prefix with a folder that others use: nothing is changed', (action) => {
    put(device.path('usr/local'));
    const before = files();
    const done = device.install(bundle, { args: ['--prefix', '/usr/local', ...action.split(' ').filter(Boolean)] });
    expect(done.status).toBe(1);
    expect(done.err).toContain('/usr/local');
    expect(files()).toEqual(before);
  });

  test.each(['opt', '/opt/a b', '/opt/a|b'])('a prefix that a unit cannot name: %s', (prefix) => {
    const done = device.install(bundle, { args: ['--prefix', prefix] });
    expect({ status: done.status, left: files() }).toEqual({ status: 1, left: ['systemctl'] });
  });

  test('what somebody put beside our versions outlives upgrades and the end', () => {
    expect(device.install(bundle)).toMatchObject({ status: 0 });
    const prefix = device.path('opt/zhangping');
    put(prefix);
    cpSync(join(prefix, version), join(prefix, '8.1.0'), { recursive: true }); // says that it is another version
    for (const other of ['8.0.5', '8.0.6']) expect(device.install(bundleOf(other))).toMatchObject({ status: 0 });
    const own = ['8.0.5', '8.0.6', 'current'];
    expect(readdirSync(prefix).sort()).toEqual([...own, '8.1.0', '.hidden', 'bin', 'lib', 'notes', 'share'].sort());
    expect(device.install(bundle, { args: ['--uninstall'] })).toMatchObject({ status: 0 });
    expect(readdirSync(prefix).sort()).toEqual(['8.1.0', '.hidden', 'bin', 'lib', 'notes', 'share'].sort());
    for (const name of foreign) expect(readFileSync(join(prefix, name), 'utf8')).toBe('not ours');
  });

  test('a first installation that was cut off is finished by the next', () => {
    const prefix = device.path('opt/zhangping');
    cpSync(bundle, join(prefix, `.${version}`), { recursive: true });
    rmSync(join(prefix, `.${version}`, 'lib'), { recursive: true });
    expect(device.install(bundle)).toMatchObject({ status: 0 });
    expect(readdirSync(prefix).sort()).toEqual([version, 'current'].sort());
  });
});
