import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import * as v from 'valibot';
import { errorAnswer, lineAnswer, type StepAnswer, socketIn } from './contract.ts';
import { CommandFailed, exitStatus, interrupted, refusedByTerminal } from './failure.ts';
import type { Shell } from './shell.ts';

/** How long a reading request may take; the terminal answers in milliseconds unless it hangs. */
const readWaitMs = 15_000;

/** The running terminal, seen from `pos`. Refusals and a terminal that is not there throw CommandFailed. */
export interface Client {
  get(path: string): Promise<unknown>;
  /** Asks for something to be done; `onStep` gets each progress line, the result line is returned. */
  post(path: string, body: object, onStep: (step: StepAnswer) => void): Promise<unknown>;
}

export function makeClient(home: string, { signal, clock, deed }: Pick<Shell, 'signal' | 'clock' | 'deed'>): Client {
  const socketPath = socketIn(home);
  return {
    async get(path) {
      const lost = () => (signal.aborted ? interrupted() : notAnswering(home));
      const open = request({ socketPath, path: `/v1${path}`, agent: false, signal });
      const stopWaiting = clock.after(readWaitMs, () => open.destroy());
      try {
        const answer = await answerTo(open, home, lost);
        let text = '';
        for await (const line of lines(answer, lost)) text += line;
        const body: unknown = JSON.parse(text);
        if (answer.statusCode !== 200) throw refusedByTerminal(v.parse(errorAnswer, body));
        return body;
      } finally {
        stopWaiting();
      }
    },
    async post(path, body, onStep) {
      const lost = () => (signal.aborted ? left() : connectionLost());
      const open = request({ socketPath, method: 'POST', path: `/v1${path}`, agent: false, signal });
      open.write(JSON.stringify(body));
      deed('open');
      for await (const text of lines(await answerTo(open, home, lost), lost)) {
        const line = v.parse(lineAnswer, JSON.parse(text));
        if (line.kind !== 'progress') deed('over');
        if (line.kind === 'error') throw refusedByTerminal(line);
        if (line.kind === 'result') return line;
        onStep(line);
      }
      throw connectionLost();
    },
  };
}

function answerTo(open: ClientRequest, home: string, lost: () => CommandFailed): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    open.once('response', resolve);
    open.once('error', (error) => reject(notConnected(error, home) ?? lost()));
    open.end();
  });
}

/** Each line as it comes, the last one with or without its end. */
async function* lines(answer: IncomingMessage, lost: () => CommandFailed): AsyncGenerator<string> {
  let rest = '';
  answer.setEncoding('utf8');
  try {
    for await (const chunk of answer) {
      const parts = (rest + String(chunk)).split('\n');
      rest = parts.pop() ?? '';
      yield* parts;
    }
  } catch {
    throw lost();
  }
  if (rest) yield rest;
}

/** Why there is no connection at all; undefined when there was one. */
function notConnected(error: Error, home: string): Error | undefined {
  if (!('syscall' in error) || error.syscall !== 'connect' || !('code' in error)) return undefined;
  if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') return notRunning(home);
  return error.code === 'EACCES' ? noPermission(home) : error;
}

const notRunning = (home: string): CommandFailed =>
  new CommandFailed({
    code: 'NOT_RUNNING',
    exit: exitStatus.failed,
    zh: `终端没有运行 (${home})。请先启动 (npm start，已安装的 systemctl start zhangping)；只查账可用 pos ledger check --db ${home}/terminal.db`,
    en: `The terminal is not running (${home}). Start it (npm start; where it is installed systemctl start zhangping); to check the ledger only: pos ledger check --db ${home}/terminal.db`,
    details: { home },
  });

const noPermission = (home: string): CommandFailed =>
  new CommandFailed({
    code: 'NO_PERMISSION',
    exit: exitStatus.failed,
    zh: `无权访问 ${home}/pos.sock，请用运行终端的用户执行`,
    en: `No permission for ${home}/pos.sock; run pos as the user that runs the terminal`,
    details: { home },
  });

const notAnswering = (home: string): CommandFailed =>
  new CommandFailed({
    code: 'NOT_ANSWERING',
    exit: exitStatus.failed,
    zh: `终端${readWaitMs / 1000}秒没有应答，请看 ${home}/log`,
    en: `The terminal did not answer for ${readWaitMs / 1000} s; see ${home}/log`,
    details: { home },
  });

const left = (): CommandFailed =>
  new CommandFailed({
    code: 'INTERRUPTED',
    exit: exitStatus.interrupted,
    zh: '已中断；已开始的由终端自行了结，请看 pos status、pos settle list',
    en: 'Interrupted; what had begun is ended by the terminal itself, see pos status and pos settle list',
  });

const connectionLost = (): CommandFailed =>
  new CommandFailed({
    code: 'CONNECTION_LOST',
    exit: exitStatus.unknown,
    zh: '与终端的连接中断，结果未知，请先查 pos status、pos settle list，只可用同一幂等号重试',
    en: 'The connection to the terminal was lost; the outcome is unknown. Look at pos status and pos settle list first; retry with the same key only',
  });
