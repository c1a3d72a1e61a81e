import { posix } from 'node:path';
import type { Import, Source } from './tidy-source.ts';

/** An import resolved to the path of a file of ours. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

interface Row {
  /** A folder (with `/` at its end) or a file. The longest that fits a file is its row. */
  readonly from: string;
  /** Folders and files that may be imported, the folder itself among them only if it is named. */
  readonly may: readonly string[];
  /** Folders and files of which only types may be imported. */
  readonly types?: readonly string[];
  /** Exceptions from `may`. */
  readonly never?: RegExp;
}

const capabilityNames = [
  'payments',
  'settlement',
  'settlers',
  'splits',
  'prepaid',
  'payouts',
  'invoices',
  'notices',
  'exports',
];
const capabilities = capabilityNames.map((name) => `terminal/${name}/`);
const foundations = ['terminal/base/', 'terminal/ledger/', 'terminal/users/', 'terminal/config.ts'];
const wireTypes = ['drivers/', 'sync/protocol/'];

/** A face asks verbs and queries; it never reaches for rows or writes the book. */
const storeOrPost = /\/store\.ts$|^terminal\/ledger\/post\.ts$/;

const face = (from: string, alsoMay: readonly string[] = []): Row => ({
  from,
  // The contracts of the devices, and the names of the keys in them.
  may: [from, ...alsoMay, ...foundations, ...capabilities, 'terminal/flows/', 'drivers/devices.ts'],
  never: storeOrPost,
});

/** design.md, "Who may import whom", row by row. */
export const rows: readonly Row[] = [
  { from: 'drivers/', may: ['drivers/'] },
  { from: 'drivers/simulator/', may: ['drivers/'] }, // and `simulatorsOther` below
  { from: 'sync/', may: ['sync/'], never: /^sync\/host\// },
  { from: 'sync/host/', may: ['sync/'] },
  { from: 'terminal/base/', may: ['terminal/base/'] },
  { from: 'terminal/config.ts', may: ['terminal/base/'], types: wireTypes },
  { from: 'terminal/ledger/', may: ['terminal/base/', 'terminal/ledger/'] },
  { from: 'terminal/users/', may: ['terminal/base/', 'terminal/users/'] },
  ...capabilities.map((from) => ({ from, may: [from, ...foundations, 'sync/stream/send.ts'], types: wireTypes })),
  {
    from: 'terminal/flows/',
    may: [
      'terminal/flows/',
      ...foundations,
      ...capabilities,
      'sync/stream/send.ts',
      'sync/request.ts',
      'sync/errors.ts',
      'drivers/devices.ts',
      'drivers/errors.ts',
    ],
    types: wireTypes,
  },
  face('terminal/screens/'),
  face('terminal/faces/', ['terminal/screens/']),
  face('terminal/console/', ['terminal/screens/', 'terminal/bench/']),
  // Runs in a browser: it knows the server by the types of what they say to each other.
  {
    from: 'terminal/console/web/',
    may: ['terminal/console/web/'],
    types: ['terminal/console/contract.ts', 'terminal/flows/', ...capabilities, ...wireTypes],
  },
  face('terminal/cli/', ['terminal/bench/']),
  // A tester stands at both ends of each wire.
  face('terminal/bench/', ['terminal/screens/', 'drivers/', 'terminal/cli/device-names.ts']),
  // The parts of main that make the devices; files of their own so that main can be read at once.
  {
    from: 'terminal/devices.ts',
    may: ['drivers/', 'terminal/base/', 'terminal/config.ts', 'terminal/simulated-devices.ts'],
  },
  { from: 'terminal/simulated-devices.ts', may: ['drivers/', 'terminal/base/', 'terminal/config.ts'] },
  { from: 'terminal/main.ts', may: ['terminal/', 'drivers/', 'sync/'], never: /^sync\/host\// },
  { from: 'scripts/', may: ['scripts/', 'terminal/', 'drivers/', 'sync/'] },
  { from: 'test/', may: ['test/', 'scripts/', 'terminal/', 'drivers/', 'sync/'] },
];

const within = (path: string, places: readonly string[]): boolean =>
  places.some((place) => path === place || (place.endsWith('/') && path.startsWith(place)));

/** Where a relative import leads; undefined for a package. */
export function targetOf(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined;
}

export function arrowsOf(source: Source): readonly Arrow[] {
  const toArrow = (i: Import): readonly Arrow[] => {
    const to = targetOf(source.path, i.from);
    return to === undefined ? [] : [{ from: source.path, to, typeOnly: i.typeOnly }];
  };
  return source.imports.flatMap(toArrow);
}

export function rowOf(path: string): Row | undefined {
  return rows.filter((row) => within(path, [row.from])).sort((a, b) => b.from.length - a.from.length)[0];
}

/** Arrows that the table does not allow, and files that stand in no row of it. */
export function forbiddenArrows(sources: readonly Source[]): readonly string[] {
  const classFiles = new Set(sources.filter((s) => s.exportsClass).map((s) => s.path));
  return sources.flatMap((source) => {
    const row = rowOf(source.path);
    if (!row) return [`${source.path}: stands in no folder of design.md`];
    return arrowsOf(source)
      .filter((arrow) => !allowed(row, arrow) || simulatorsOther(arrow, classFiles) || mainFromElsewhere(arrow))
      .map((arrow) => `${arrow.from} → ${arrow.to}${arrow.typeOnly ? ' (types)' : ''}`);
  });
}

function allowed(row: Row, arrow: Arrow): boolean {
  if (row.never?.test(arrow.to)) return false;
  return within(arrow.to, row.may) || (arrow.typeOnly && within(arrow.to, row.types ?? []));
}

/** A simulator is the other end of the wire: it shares framing and codecs with a driver, never the class that drives. */
function simulatorsOther(arrow: Arrow, classFiles: ReadonlySet<string>): boolean {
  const shared = ['drivers/simulator/', 'drivers/transport/', 'drivers/framing/', 'drivers/errors.ts'];
  return arrow.from.startsWith('drivers/simulator/') && !within(arrow.to, shared) && classFiles.has(arrow.to);
}

/** `terminal/main.ts` builds everything, so nothing of the terminal may lean on it. */
const mainFromElsewhere = (arrow: Arrow): boolean =>
  arrow.to === 'terminal/main.ts' && !within(arrow.from, ['scripts/', 'test/support/']);

/** Circles of imports, types included, each as its files in order. */
export function cycles(sources: readonly Source[]): readonly string[] {
  const next = new Map(sources.map((source) => [source.path, arrowsOf(source).map((arrow) => arrow.to)]));
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const to of next.get(path) ?? []) walk(to, [...trail, path]);
    done.add(path);
  };
  for (const source of sources) walk(source.path, []);
  return found;
}
