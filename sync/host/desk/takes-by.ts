import { command } from '../commands.ts';

interface Option {
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly options?: readonly Option[];
}

/** Commands that say who acts. */
const signed: ReadonlySet<string> = new Set(namesOf(command.options));

function namesOf(options: readonly Option[]): string[] {
  return options.flatMap(({ entries = {}, options: inner = [] }) => {
    const literal = entries['command'];
    const isNamed = 'by' in entries && typeof literal === 'object' && literal !== null && 'literal' in literal;
    return [...(isNamed ? [String(literal.literal)] : []), ...namesOf(inner)];
  });
}

export const takesBy = (body: object): boolean =>
  'command' in body && typeof body.command === 'string' && signed.has(body.command);
