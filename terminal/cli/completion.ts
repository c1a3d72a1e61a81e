import type { Command } from 'commander';

/** A completion script made from the tree of commands; zsh runs the one of bash. */
export function completion(pos: Command, shell: string): string {
  const cases = wordsByPath(pos, []).map(([path, words]) => `    '${path}') words='${words.join(' ')}' ;;`);
  return `${shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : ''}_pos() {
  local path='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] || path="$path $word"
  done
  case "\${path# }" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words ${longOptions(pos).join(' ')}" -- "\${COMP_WORDS[COMP_CWORD]}"))
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

const longOptions = (command: Command): readonly string[] => command.options.flatMap((option) => option.long ?? []);
