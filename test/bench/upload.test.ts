import { join } from 'node:path';
import { expect, it } from 'vitest';
import { killedUpload } from '../../scripts/bench/f6-upload.ts';
import { withLinkChildren } from '../../scripts/bench/link-children.ts';
import { seedBatch } from '../../scripts/bench/seed-batch.ts';

/** A small F6: the real terminal killed in the middle of a batch upload. */
it('goes on with an upload after a kill: every record once in the inbox, none sent that was delivered', async () => {
  const records = 1_000;
  const found = await withLinkChildren(async (start, folder) => {
    seedBatch(join(folder, 'terminal.db'), records).close();
    return killedUpload(start, folder, records);
  });
  expect(found).toEqual({ arrived: records, different: records, again: 0 });
}, 60_000);
