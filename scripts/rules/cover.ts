import { idsIn } from './rule-ids.ts';

export interface RanTest {
  readonly name: string;
  readonly file: string;
  readonly passed: boolean;
}

export interface RuleCover {
  readonly id: string;
  readonly rule: string;
  readonly tests: readonly RanTest[];
}

export interface Verdict {
  /** Every test of it passed. */
  readonly covered: readonly string[];
  /** Rules with a test that did not pass, and what broke without naming one. */
  readonly failing: readonly string[];
  readonly missing: readonly string[];
}

/** Each rule with the tests that carry its id. */
export function coverOf(rules: Readonly<Record<string, string>>, ran: readonly RanTest[]): readonly RuleCover[] {
  const byId = new Map<string, RanTest[]>();
  for (const test of ran) for (const id of idsIn(test.name)) byId.set(id, [...(byId.get(id) ?? []), test]);
  return Object.entries(rules).map(([id, rule]) => ({ id, rule, tests: byId.get(id) ?? [] }));
}

export function verdictOf(covers: readonly RuleCover[], broken: readonly string[] = []): Verdict {
  const idsWith = (is: (cover: RuleCover) => boolean) => covers.filter(is).map(({ id }) => id);
  const fails = ({ tests }: RuleCover) => tests.some(({ passed }) => !passed);
  return {
    covered: idsWith((cover) => cover.tests.length > 0 && !fails(cover)),
    failing: [...idsWith(fails), ...broken],
    missing: idsWith(({ tests }) => tests.length === 0),
  };
}

/** Ids in names of tests that stand for no rule: a slip of the pen. */
export const strangeIds = (rules: Readonly<Record<string, string>>, ran: readonly RanTest[]): readonly string[] =>
  [...new Set(ran.flatMap(({ name }) => idsIn(name)))].filter((id) => !(id in rules)).toSorted();
