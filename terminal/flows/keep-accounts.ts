import { makeStatements } from './make-statements.ts';
import { reconcile } from './reconcile.ts';
import type { World } from './world.ts';

/** What the terminal does by itself for its accounts, in slices: matches the bills that came down (B-032), makes the statements that are due (B-036). */
export async function keepAccounts(world: World, signal: AbortSignal): Promise<void> {
  await reconcile(world, signal);
  await makeStatements(world, signal);
}
