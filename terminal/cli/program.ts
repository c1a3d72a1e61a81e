import { Argument, Command, CommanderError } from 'commander';
import type { Language } from '../base/errors.ts';
import { programVersion, schemaNumber } from '../base/program-version.ts';
import type { Doing } from './act.ts';
import { addBackup } from './backup-commands.ts';
import { addBatch, addResume } from './batch-commands.ts';
import { addBook } from './book-commands.ts';
import { completion } from './completion.ts';
import { deviceNames } from './device-names.ts';
import { type ExitStatus, exitStatus, failureOf, failureText } from './failure.ts';
import { addGiveBack } from './give-back-commands.ts';
import { exitStatusHelp, globalOptions, localise, mistake, type Say } from './help.ts';
import { addInvoices } from './invoice-commands.ts';
import { limitOption } from './options.ts';
import { addSettle } from './settle-commands.ts';
import type { Shell } from './shell.ts';
import { addSim } from './sim-commands.ts';
import { addStaff } from './staff-commands.ts';
import { limitOf, textOf } from './typed.ts';

/** Runs one command line and says how it ended. `argv` without node and script. */
export async function runPos(argv: readonly string[], shell: Shell): Promise<ExitStatus> {
  const language: Language = /(^|\n)--lang[=\n]en(\n|$)/.test(argv.join('\n')) ? 'en' : 'zh';
  let ended: ExitStatus = exitStatus.ok;
  const pos = makeProgram(language, shell, (exit) => {
    ended = exit;
  });
  try {
    await pos.parseAsync(argv, { from: 'user' });
    return ended;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitStatus.ok;
    if (thrown instanceof CommanderError && thrown.code === 'commander.help') return exitStatus.usage;
    const failure = failureOf(thrown instanceof CommanderError ? mistake(thrown, pos, argv) : thrown);
    const { exit, code, zh, en, details } = failure;
    if (argv.includes('--json')) shell.out(`${JSON.stringify({ kind: 'error', code, zh, en, details })}\n`);
    shell.err(`${failureText(failure, language)}\n`);
    return exit;
  }
}

function makeProgram(language: Language, shell: Shell, end: (exit: ExitStatus) => void): Command {
  const say: Say = (zh, en) => (language === 'zh' ? zh : en);
  const pos = new Command('pos')
    .description(say('账平终端命令行', 'Command line of the payment terminal'))
    .version(`pos ${programVersion()} schema ${schemaNumber}`, '--version', say('显示版本', 'show the version'))
    .exitOverride()
    .configureOutput({ writeOut: shell.out, writeErr: shell.err, outputError: () => {} })
    .addHelpText('after', exitStatusHelp(say));
  for (const option of globalOptions(say)) pos.addOption(option);
  localise(pos, language);

  const doing: Doing =
    (act) =>
    async (...given: unknown[]) => {
      const command = given.at(-1);
      if (!(command instanceof Command)) return;
      const { makeRun } = await import('./run.ts');
      const flags = command.optsWithGlobals(); // `settle` takes the key of `settle mode`, too
      const run = makeRun(shell, flags);
      try {
        end(await act(run, command.args, flags));
      } finally {
        run.endSteps();
      }
    };
  addReading(pos, say, doing);
  addBatch(pos, say, doing);
  addSettle(pos, say, doing);
  addBook(pos, say, doing);
  addTransactions(pos, say, doing);
  addGiveBack(pos, say, doing);
  addInvoices(pos, say, doing);
  addDevices(pos, say, doing);
  addStaff(pos, say, doing);
  addBackup(pos, say, doing);
  addSim(pos, say, doing);
  pos
    .command('completion')
    .description(say('输出补全脚本', 'print a completion script'))
    .addArgument(new Argument('<shell>', say('外壳', 'which shell')).choices(['bash', 'zsh']))
    .action((name: string) => shell.out(completion(pos, name)));
  return pos;
}

function addReading(pos: Command, say: Say, doing: Doing): void {
  pos
    .command('doctor')
    .description(say('体检: 数据库、磁盘、时钟、主机、设备、批次', 'check database, disk, clock, host, devices, batch'))
    .action(doing(async (run) => (await import('./status.ts')).showDoctor(run)));
  pos
    .command('status')
    .description(say('终端现状', 'the terminal at a glance'))
    .action(doing(async (run) => (await import('./status.ts')).showStatus(run)));
  pos
    .command('ledger')
    .description(say('账本', 'the ledger'))
    .command('check')
    .description(say('查账', 'prove that the ledger balances'))
    .option('--db <file>', say('已停终端的数据库', 'database of a stopped terminal'))
    .action(doing(async (run, _, flags) => (await import('./ledger.ts')).checkLedgerNow(run, textOf(flags['db']))));
}

function addTransactions(pos: Command, say: Say, doing: Doing): void {
  const txn = pos.command('txn').description(say('交易', 'transactions'));
  txn
    .command('list')
    .description(say('最近的交易', 'the newest first'))
    .option(...limitOption(say))
    .action(
      doing(async (run, _, flags) =>
        (await import('./transactions.ts')).listTransactions(run, limitOf(flags['limit'])),
      ),
    );
  txn
    .command('show')
    .description(say('一笔交易', 'one transaction'))
    .argument('<stan>', say('流水号', 'its STAN'))
    .action(doing(async (run, [stan]) => (await import('./transactions.ts')).showTransaction(run, stan ?? '')));
  addResume(txn, say, doing);
  txn
    .command('reprint')
    .description(say('重打签购单', 'print a slip again'))
    .argument('[stan]', say('流水号', 'the STAN'))
    .option('--last', say('最后一笔', 'the last transaction'))
    .action(
      doing(async (run, [stan], flags) =>
        (await import('./transactions.ts')).reprint(run, stan, flags['last'] === true),
      ),
    );
}

function addDevices(pos: Command, say: Say, doing: Doing): void {
  const device = pos.command('device').description(say('设备', 'the devices'));
  device
    .command('list')
    .description(say('各设备的状态和计数', 'state and counters of each device'))
    .action(doing(async (run) => (await import('./device.ts')).listDevices(run)));
  device
    .command('test')
    .description(say('试一个设备', 'try one device'))
    .addArgument(new Argument('<name>', say('设备', 'which one')).choices(deviceNames))
    .action(doing(async (run, [name]) => (await import('./device.ts')).testDevice(run, name ?? '')));
  device
    .command('drawer')
    .description(say('开钱箱', 'open the cash drawer'))
    .action(doing(async (run) => (await import('./device.ts')).openDrawer(run)));
}
