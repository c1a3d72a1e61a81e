import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { posRig } from './pos-rig.ts';

const { pos } = posRig();

/** What bash itself offers behind this line. */
async function offered(line: string): Promise<readonly string[]> {
  const { out } = await pos('completion bash');
  const words = line.split(' ');
  const script = `${out}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}
_pos
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

describe('completion', () => {
  it.each([
    ['pos se', ['settle']],
    ['pos settle m', ['mode']],
    ['pos settle mode ', ['AUTO', 'MANUAL', 'REALTIME']],
    ['pos settle mode AUTO --w', ['--weekly']],
    ['pos settle account ', ['add', 'list']],
    ['pos settle ticket c', ['close']],
    ['pos settle dispute 01K0000000000000000000TEST --t', ['--text']],
    ['pos profile set --a', ['--address', '--agree']],
    ['pos reconcile examine D1 ', ['investigating', 'explained']],
    ['pos statement ', ['list', 'show', 'paper']],
    ['pos export make s', ['statement', 'settlements', 'settlement-payments']],
    ['pos export make report --format ', ['csv', 'xlsx', 'html']],
    ['pos --operator 00 --lang en batch c', ['close']],
    ['pos --lang ', ['zh', 'en']],
    ['pos notice ', ['list', 'read']],
    ['pos console ', ['code', 'users']],
    ['pos device test ', ['card-reader', 'pin-pad', 'scanner', 'keypad', 'display', 'printer']],
    ['pos txn v', ['void']],
  ])('%s[tab]', async (line, words) => {
    expect((await offered(line)).filter((word) => !word.startsWith('--') || line.includes('--'))).toEqual(words);
  });

  it('leaves a file to bash', async () => {
    expect(await offered('pos status --password-file ')).toEqual([]);
    expect(await offered('pos export make report --out ')).toEqual([]);
  });

  it('in zsh is the one of bash', async () => {
    const [zsh, bash] = [await pos('completion zsh'), await pos('completion bash')];
    expect(zsh.out).toBe(`autoload -U +X bashcompinit && bashcompinit\n${bash.out}`);
  });
});

describe('help of every command', () => {
  it('is in either language, and in English alone on request', async () => {
    const { out } = await pos('completion bash');
    const paths = [...out.matchAll(/^ {4}'([a-z -]+)'\) echo/gm)].flatMap(([, path = '']) =>
      path.includes(' --') ? [] : path,
    );
    expect(paths.length).toBeGreaterThan(60);
    for (const path of paths) {
      expect((await pos(`${path} --help`)).out, path).toContain(`用法: pos ${path}`);
      const english = await pos(`${path} --help --lang en`);
      expect(english.exit, path).toBe(0);
      expect(english.out, path).not.toMatch(/[\u4e00-\u9fff]/);
    }
  });
});
