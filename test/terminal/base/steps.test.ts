import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { systemClock } from '../../../terminal/base/clock.ts';
import { finishSlowly, type Steps } from '../../../terminal/base/steps.ts';

it('lets a neighbour on the network have its turn between the steps of several slow works', async () => {
  const server = createServer((socket) => void socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const socket = connect(address.port, '127.0.0.1');
  await once(socket, 'connect');

  let [isOver, steps] = [false, 0];
  function* slowWork(): Steps<number> {
    while (!isOver && steps < 2_000) {
      const began = performance.now();
      while (performance.now() - began < 2);
      steps += 1;
      yield;
    }
    return steps;
  }
  const works = [finishSlowly(slowWork(), systemClock), finishSlowly(slowWork(), systemClock)];
  for (let answers = 0; answers < 20; answers++) {
    socket.write('?');
    await once(socket, 'data');
  }
  isOver = true;
  await Promise.all(works);
  socket.destroy();
  server.close();
  expect(steps).toBeLessThan(400);
});
