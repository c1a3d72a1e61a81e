import { describe, expect, it } from 'vitest';
import { type Progress, streamed } from '../../../terminal/cli/stream.ts';

const asError = (error: unknown) => ({ kind: 'error', code: error instanceof Error ? error.message : 'none' });
const linesOf = async (answer: Response): Promise<unknown[]> =>
  (await answer.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('a long action', () => {
  it('tells its steps and then its result', async () => {
    const answer = await streamed(async (progress) => {
      progress({ at: 'sending' });
      await Promise.resolve();
      progress({ at: 'processing' });
      return { settlement: { no: '7' } };
    }, asError);
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    expect(await linesOf(answer)).toEqual([
      { kind: 'progress', at: 'sending' },
      { kind: 'progress', at: 'processing' },
      { kind: 'result', settlement: { no: '7' } },
    ]);
  });

  it('without a step is only its result', async () => {
    expect(await linesOf(await streamed(async () => ({}), asError))).toEqual([{ kind: 'result' }]);
  });

  it('refused before its first step rejects, so that it gets a status', async () => {
    await expect(streamed(() => Promise.reject(new Error('OFFLINE')), asError)).rejects.toThrow('OFFLINE');
  });

  it('that fails later ends with one error line', async () => {
    const answer = await streamed((progress) => {
      progress({ at: 'freezing' });
      return Promise.reject(new Error('DISK_FULL'));
    }, asError);
    expect(await linesOf(answer)).toEqual([
      { kind: 'progress', at: 'freezing' },
      { kind: 'error', code: 'DISK_FULL' },
    ]);
  });

  it('goes on when its reader left', async () => {
    let tell: Progress = () => {};
    let end: (result: object) => void = () => {};
    let done = false;
    const answer = await streamed(async (progress) => {
      tell = progress;
      progress({ at: 'freezing' });
      const result = await new Promise<object>((resolve) => {
        end = resolve;
      });
      done = true;
      return result;
    }, asError);
    await answer.body?.cancel();
    tell({ at: 'ending' });
    end({});
    await Promise.resolve();
    await Promise.resolve();
    expect(done).toBe(true);
  });
});
