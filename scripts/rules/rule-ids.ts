/** Ids of the catalogue (requirements/README.md) in the names of tests. */

const one = /\b([A-E]-\d{3}|[JPNX]-\d{2}[a-z]?)\b/g;
const range = /\b([A-EJPNX])-(\d{2,3})\s*(?:to|–|…)\s*(?:\1-)?(\d{2,3})\b/g;

/** The ids that a name carries, each once; `P-01 to P-04` stands for all four. */
export function idsIn(name: string): readonly string[] {
  const single = [...name.matchAll(one)].map(([id]) => id);
  const ranges = [...name.matchAll(range)].flatMap(([, letter = '', from = '', to = '']) =>
    numbers(from, to).map((n) => `${letter}-${n}`),
  );
  return [...new Set([...single, ...ranges])];
}

const numbers = (from: string, to: string): readonly string[] =>
  Array.from({ length: Math.max(0, Number(to) - Number(from) + 1) }, (_, n) =>
    String(Number(from) + n).padStart(from.length, '0'),
  );
