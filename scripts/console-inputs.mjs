import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What the pages of the console are made of, besides packages; contract.ts and the desks give them types only. A file of its own, so that vite is not loaded to ask. */
export const consoleInputs = (root) =>
  readdirSync(join(root, 'terminal/console/web'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
