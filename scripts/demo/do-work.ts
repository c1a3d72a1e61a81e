import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import type { TransactionAnswer } from '../../terminal/cli/contract.ts';
import { distFolder } from '../stage/child.ts';
import {
  addOperator,
  changeShift,
  invoice,
  print,
  redInvoice,
  report,
  selfCheck,
  signIn,
  signOff,
} from '../stage/desk-work.ts';
import type { Stage } from '../stage/stage.ts';
import { newestTransaction, waitingRows } from './ask-terminal.ts';
import type { Step, Transaction } from './step.ts';
import { until } from './until.ts';

type Told = 'note' | 'host' | 'close' | 'settle' | 'turn-clock' | 'settled-at-cut' | 'statement' | 'bill';
export type Work = Exclude<Step, Transaction | { readonly do: Told }>;

/** What was done, in words for the person who watches. */
export interface Done {
  readonly ok: boolean;
  readonly zh: string;
  readonly en: string;
}

interface Scene {
  readonly stage: Stage;
  readonly named: (name: string) => TransactionAnswer;
  readonly secretOf: (operator: string) => string;
  readonly transact: (step: Transaction) => Promise<void>;
}

const done = (zh: string, en: string, ok = true): Done => ({ ok, zh, en });

/** What is no transaction, from the idle screen. */
export async function doWork(step: Work, scene: Scene): Promise<Done> {
  const { stage, named } = scene;
  const { cashier } = stage;
  switch (step.do) {
    case 'print':
      await print(cashier, step.paper);
      return done('已打印', `printed: ${step.paper}`);
    case 'report':
      return reported(named(step.of), stage);
    case 'unfreeze':
      return unfrozen(named(step.of), stage);
    case 'invoice':
      return done(
        '发票已开，二维码单已打印',
        'invoiced, with a slip',
        await invoice(cashier, named(step.of).stan, phone),
      );
    case 'red-invoice':
      return done('已开红字发票', 'taken back by a red invoice', await redInvoice(cashier, named(step.of).stan));
    case 'line':
      return step.is === 'cut' ? cut(stage) : mended(stage);
    case 'add-operator':
      await addOperator(cashier, step.no, step.secret);
      return done(`操作员${step.no}已增加`, `operator ${step.no} was added`);
    case 'hand-over':
      await changeShift(cashier, step.to, scene.secretOf(step.to));
      return done(`交班给操作员${step.to}`, `operator ${step.to} takes over`);
    case 'sign-off':
      await signOff(cashier);
      return done('已签退', 'signed off');
    case 'sign-in':
      await signIn(cashier);
      return done('已签到', 'signed in');
    case 'self-check': {
      const well = await selfCheck(cashier);
      return done(well ? '自检全部正常' : '自检有异常', well ? 'self-check: all is well' : 'self-check failed', well);
    }
    case 'backup':
      return backedUp(step.meanwhile, scene);
  }
}

const phone = '13800138000';

const events = v.object({
  freezes: v.array(v.object({ no: v.string(), payment: v.string(), state: v.string() })),
});

async function freezeOf({ payment }: TransactionAnswer, stage: Stage) {
  const { freezes } = v.parse(events, await stage.control('GET', '/events'));
  return freezes.findLast((one) => one.payment === payment);
}

async function reported(txn: TransactionAnswer, stage: Stage): Promise<Done> {
  await report(stage.cashier, txn.stan);
  await until('the freeze', async () => ['FLAG', 'HELD'].includes((await freezeOf(txn, stage))?.state ?? ''));
  return done('已上报，上游已冻结', 'reported, and frozen by upstream');
}

async function unfrozen(txn: TransactionAnswer, stage: Stage): Promise<Done> {
  const frozen = await freezeOf(txn, stage);
  await stage.control('POST', '/command', { command: 'unfreeze', no: frozen?.no });
  await until('the end of the freeze', async () => (await freezeOf(txn, stage))?.state === 'ENDED');
  return done('上游已解冻', 'given free by upstream');
}

async function cut(stage: Stage): Promise<Done> {
  await stage.broker?.kill('SIGKILL');
  await stage.cashier.see('未联机', (rows) => rows.join().includes('未联机') || rows.join().includes('连接中'));
  return done('线路已断', 'the line is cut');
}

/** What waited has been told when this returns. */
async function mended(stage: Stage): Promise<Done> {
  await stage.startBroker();
  await stage.cashier.ready();
  await until('the word of the host', async () => (await newestTransaction(stage.home)).state !== 'STORED');
  await until('an empty outbox', async () => (await waitingRows(stage.home)) === 0);
  return done('线路恢复，离线交易已上送', 'the line is back, what was taken offline has been told');
}

const run = promisify(execFile);
const backup = v.object({ backup: v.object({ bytes: v.number(), journals: v.number() }) });

async function backedUp(meanwhile: Transaction, { stage, transact }: Scene): Promise<Done> {
  const file = join(stage.home, 'backups', 'demo.db');
  const args = [join(distFolder(), 'pos.js'), '--home', stage.home, '--json', 'backup', file];
  const [{ stdout }] = await Promise.all([run(process.execPath, args), transact(meanwhile)]);
  const facts = v.parse(backup, JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).backup;
  const size = `${(facts.bytes / 1_048_576).toFixed(1)} MB`;
  return done(`账本已备份并验证 ${size}`, `copied and proved: ${size}, ${facts.journals} journals`, facts.journals > 0);
}
