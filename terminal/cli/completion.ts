import type { Command } from 'commander';

/**
 * A completion script made from the tree of commands; zsh runs the one of bash. What is no command (a number, the value of an option) is passed over, so words go on
 * coming after it.
 */
export function completion(pos: Command, shell: string): string {
  const words = wordsByPath(pos, []).map(([path, of]) => `    '${path}') echo '${of.join(' ')}' ;;`);
  return `${shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : ''}_pos_words() {
  case "$1" in
${words.join('\n')}
    *) return 1 ;;
  esac
}
_pos_values() {
  case "$1" in
${valuesByOption(pos, []).join('\n')}
    *) return 1 ;;
  esac
}
_pos() {
  local path='' word list
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ $word != -* ]] && _pos_words "\${path:+$path }$word" > /dev/null; then path="\${path:+$path }$word"; fi
  done
  list=$(_pos_values "$path \${COMP_WORDS[COMP_CWORD-1]}") || list="$(_pos_words "$path") ${longOptions(pos).join(' ')}"
  COMPREPLY=($(compgen -W "$list" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _pos pos
`;
}

function wordsByPath(command: Command, path: readonly string[]): readonly (readonly [string, readonly string[]])[] {
  const choices = command.registeredArguments.flatMap((argument) => argument.argChoices ?? []);
  const options = path.length > 0 ? longOptions(command) : [];
  const words = [...command.commands.map((child) => child.name()), ...choices, ...options];
  const below = command.commands.flatMap((child) => wordsByPath(child, [...path, child.name()]));
  return [[path.join(' '), words] as const, ...below];
}

/** Options that want a value, each behind its command, with the values that there are; none: a file, or what only a person knows. Those of `pos` stand behind any. */
function valuesByOption(command: Command, path: readonly string[]): readonly string[] {
  const own = command.options.flatMap(({ long, required, argChoices }) => {
    const before = path.length === 0 ? `*' ${long}'` : `'${path.join(' ')} ${long}'`;
    return long && required ? [`    ${before}) echo '${(argChoices ?? []).join(' ')}' ;;`] : [];
  });
  return [...own, ...command.commands.flatMap((child) => valuesByOption(child, [...path, child.name()]))];
}

const longOptions = (command: Command): readonly string[] => command.options.flatMap((option) => option.long ?? []);
