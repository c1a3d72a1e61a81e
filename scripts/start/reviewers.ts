import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { hashSecret } from '../../sync/host/desk/secret.ts';
import type { HostStart } from '../host-config.ts';

/** Two, since nobody approves what he proposed himself. */
const people = [
  { login: 'u1', name: '审核员一' },
  { login: 'u2', name: '审核员二' },
] as const;

type Reviewers = NonNullable<HostStart['desk']>['reviewers'];

/** `u1/41820377`, what each logs in with. It follows from a key of this home: the same at every start, and written down nowhere but hashed. */
export const firstSecrets = (home: string): readonly string[] =>
  people.map(({ login }) => `${login}/${secretOf(login, home)}`);

function secretOf(login: string, home: string): string {
  const key = readFileSync(join(home, 'keys', 'host.key'));
  const digest = createHmac('sha256', key).update(`desk ${login}`).digest();
  return String(digest.readUIntBE(0, 6) % 10 ** digits).padStart(digits, '0');
}

const digits = 8;

const kept = v.object({
  reviewers: v.array(v.object({ login: v.string(), name: v.string(), secretHash: v.string() })),
});

/** Those of `host.json`; hashed anew, aside of this thread, at the first start only. */
export async function reviewersOf(home: string): Promise<Reviewers> {
  const file = join(home, 'host.json');
  const found = existsSync(file) ? v.safeParse(kept, JSON.parse(readFileSync(file, 'utf8'))) : undefined;
  if (found?.success && found.output.reviewers.length > 0) return found.output.reviewers;
  return Promise.all(
    people.map(async (person) => ({
      ...person,
      secretHash: await hashSecret(secretOf(person.login, home), randomBytes(16)),
    })),
  );
}
