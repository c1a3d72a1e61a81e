import { type Command, type CommanderError, Option } from 'commander';
import type { Language } from '../base/errors.ts';
import { type CommandFailed, usage } from './failure.ts';

/** Commander in the reader's language: titles, the options that every command has, and what is wrong with a command line. */

export type Say = (zh: string, en: string) => string;

const titles: Readonly<Record<string, string>> = {
  'Usage:': '用法:',
  'Arguments:': '参数:',
  'Options:': '选项:',
  'Commands:': '命令:',
  'Global Options:': '全局选项:',
};

export function localise(pos: Command, language: Language): Command {
  const say: Say = (zh, en) => (language === 'zh' ? zh : en);
  return pos
    .configureHelp({
      displayWidth: cells,
      showGlobalOptions: true,
      // The values that an option takes stand in its name.
      optionDescription: ({ description, defaultValue }) =>
        typeof defaultValue === 'string' ? `${description} (${say('默认', 'default')} ${defaultValue})` : description,
      argumentDescription: ({ description, argChoices }) =>
        argChoices ? `${description}: ${argChoices.join(say('、', ', '))}` : description,
      commandUsage: (command) => usageOf(command, say),
      styleTitle: (title) => (language === 'zh' ? (titles[title] ?? title) : title),
      subcommandTerm: (command) => command.name(),
    })
    .helpOption('-h, --help', say('显示帮助', 'show help'))
    .helpCommand('help [command]', say('显示命令的帮助', 'show help for a command'))
    .showSuggestionAfterError(false);
}

function usageOf(command: Command, say: Say): string {
  const path: string[] = [];
  for (let at: Command | null = command; at; at = at.parent) path.unshift(at.name());
  const given = command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`));
  const words = command.commands.length > 0 ? [say('[命令]', '[command]')] : [];
  return [...path, say('[选项]', '[options]'), ...given, ...words].join(' ');
}

/** Half-width cells that a text takes: a Chinese character takes two. */
const cells = (text: string): number =>
  text.length + (text.match(/[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]/g)?.length ?? 0);

export const globalOptions = (say: Say): readonly Option[] => [
  new Option(
    '--home <dir>',
    say('终端目录，默认 $POS_HOME 或 ./.pos', 'home of the terminal, else $POS_HOME or ./.pos'),
  ),
  new Option('--lang <zh|en>', say('语言', 'language')).choices(['zh', 'en']).default('zh'),
  new Option('--json', say('输出 JSON，金额为分', 'write JSON, amounts in fen')),
  new Option('--operator <NN>', say('操作员号', 'who acts')),
  new Option('--password-file <file>', say('密码文件，- 为标准输入', 'file with the secret, - for stdin')),
  new Option('--yes', say('不再确认', 'do not ask to confirm')),
  new Option('--no-input', say('不提问', 'never ask anything')),
  new Option('--quiet', say('不显示进度和提示', 'no progress, no notes')),
  new Option('--no-color', say('不用颜色', 'no colour')),
];

export const exitStatusHelp = (say: Say): string =>
  say(
    '\n退出码: 0 成功  1 失败  2 用法错误  3 需登录或密码错  4 找不到  5 主机拒绝  6 对账不平\n        7 结果未知,只可用同一幂等号重试  8 设备故障  9 未连接主机  75 忙  130 中断',
    '\nExit status: 0 ok  1 failed  2 usage  3 log on, or wrong secret  4 not found  5 declined by host  6 not balanced\n             7 unknown outcome, retry with the same key only  8 device fault  9 link down  75 busy  130 interrupted',
  );

const mistakes: Readonly<Record<string, string>> = {
  'commander.unknownOption': '没有这个选项',
  'commander.unknownCommand': '没有这个命令',
  'commander.missingArgument': '缺少参数',
  'commander.optionMissingArgument': '选项缺少值',
  'commander.invalidArgument': '值无效',
  'commander.conflictingOption': '选项不能同时使用',
  'commander.excessArguments': '没有这个子命令，或参数太多',
};

/** Commander's English complaint, with the Chinese one beside it; what the person typed stands in quotes in both. */
export function mistake(error: CommanderError, pos: Command, argv: readonly string[]): CommandFailed {
  const en = error.message.replace(/^error: |\.$/g, '');
  const quoted = en.match(/'[^']*'|(?<=but got \d+: ).*/g)?.join(' ') ?? '';
  const zh = mistakes[error.code];
  const help = `${pathOf(pos, argv)} --help`;
  return usage(zh === undefined ? en : `${zh}: ${quoted}。见 ${help}`, `${en}. See ${help}`);
}

/** `pos settle mode`: as far as the words are commands. */
function pathOf(pos: Command, [word, ...rest]: readonly string[]): string {
  if (word === undefined) return pos.name();
  const next = pos.commands.find((command) => command.name() === word);
  return next ? `${pos.name()} ${pathOf(next, rest)}` : pathOf(pos, rest);
}
