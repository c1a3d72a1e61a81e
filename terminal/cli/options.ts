import type { Say } from './help.ts';
import { maxListed } from './max-listed.ts';

/** Options that several commands have. */

export const supervisorOption = (say: Say) =>
  ['--supervisor-file <file>', say('主管密码文件，- 为标准输入', 'file with the secret of 00, - for stdin')] as const;

export const limitOption = (say: Say, of = '20', most = maxListed) =>
  ['--limit <n>', say(`最多几条，1 至 ${most}`, `how many, 1 to ${most}`), of] as const;

export const keyOption = (say: Say) =>
  [
    '--idempotency-key <key>',
    say('幂等号，8 至 64 位，同号只做一次', 'of 8 to 64 characters; does it once for each key'),
  ] as const;
