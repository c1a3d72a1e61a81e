import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { needingHuman } from '../payments/queries.ts';
import { takeStan } from '../payments/store.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { askHost, requireOnline } from './host-link.ts';
import { selfCheck } from './self-check.ts';
import { signIn } from './sign-in.ts';
import type { Echo, Trouble, UpkeepDesk } from './upkeep-desk.ts';
import type { World } from './world.ts';

export function upkeepDesk(
  world: World,
  user: () => User,
  run: <T>(action: string, work: () => T | Promise<T>) => Promise<T>,
): UpkeepDesk {
  const administrator = (): User => {
    const operator = user();
    authorise(operator, 'parameters');
    return operator;
  };
  return {
    echo: (signal) =>
      run('echo', () => {
        administrator();
        return echo(world, signal);
      }),
    download: (signal) => run('download', () => signIn(world, administrator().no, signal)),
    tellState: () =>
      run('tell-state', async () => {
        await selfCheck(world, administrator().no);
      }),
    troubles() {
      administrator();
      return troublesOf(world);
    },
  };
}

/** Asks for a payment that there is not. */
async function echo(world: World, signal: AbortSignal): Promise<Echo> {
  requireOnline(world);
  const stan = inTransaction(world.db, (tx) => takeStan(tx));
  const number = newId(world.clock, world.random);
  const request = { kind: 'find-original', stan, number, rrn: null, date: null } as const;
  const sentAt = world.clock.now();
  const answer = await askHost(world, number, request, { waitMs: world.config.limits.hostWaitMs, signal });
  if (typeof answer === 'string') throw new TerminalError('OFFLINE');
  return { tookMs: world.clock.now() - sentAt, clockOffsetMs: world.link.status().clockOffsetMs };
}

const troublesOf = ({ db, outbox }: World): readonly Trouble[] => [
  ...needingHuman(db).map(
    ({ stan, batch, createdAt, amountFen, code }): Trouble => ({
      is: 'payment',
      stan,
      batch,
      at: createdAt,
      amountFen,
      code: code ?? undefined,
    }),
  ),
  ...outbox
    .troubled()
    .map(({ kind, id, rejected }): Trouble => ({ is: 'row', kind, no: id, code: rejected ?? undefined })),
];
