import { parseAst } from 'vitest/node';

/** A file of the tree as text, path from the root with `/`. */
export interface TidyFile {
  readonly path: string;
  readonly text: string;
}

export interface Import {
  /** As written: `./money.ts`, `node:fs`, `mqtt`. */
  readonly from: string;
  /** Erased by the compiler, so it couples names but not running code. */
  readonly typeOnly: boolean;
}

/** What the rules need to know of one file. */
export interface Source {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly exportsClass: boolean;
  /** `Date.now`, `setTimeout`, `randomBytes` … as written, in order. */
  readonly timeAndChance: readonly string[];
  /** `it.skip`, `describe.only` … */
  readonly restrictedTests: readonly string[];
}

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

interface Found {
  readonly imports: Import[];
  exportsClass: boolean;
  readonly timeAndChance: string[];
  readonly restrictedTests: string[];
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const nodesOf = (value: unknown): readonly Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

/** The text of a string literal or of a template without holes. */
function textOf(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  if (value.type === 'Literal' && typeof value['value'] === 'string') return value['value'];
  if (value.type !== 'TemplateLiteral' || nodesOf(value['expressions']).length > 0) return undefined;
  const raw = nodesOf(value['quasis'])[0]?.['value'];
  return typeof raw === 'object' && raw !== null && 'raw' in raw && typeof raw.raw === 'string' ? raw.raw : undefined;
}

const nameOf = (value: unknown): string | undefined =>
  isNode(value) && value.type === 'Identifier' && typeof value['name'] === 'string' ? value['name'] : undefined;

/** Parses a TypeScript or JavaScript file. Throws on a syntax error. */
export function readSource(file: TidyFile): Source {
  const found: Found = { imports: [], exportsClass: false, timeAndChance: [], restrictedTests: [] };
  const lang = file.path.endsWith('.tsx') ? 'tsx' : file.path.endsWith('.ts') ? 'ts' : 'js';
  const program: unknown = parseAst(file.text, { lang, sourceType: 'module' }, file.path);
  visit(program, found);
  return { path: file.path, lines: file.text.trimEnd().split('\n').length, ...found };
}

function visit(node: unknown, found: Found): void {
  if (Array.isArray(node)) for (const child of node) visit(child, found);
  if (!isNode(node)) return;
  noteImport(node, found);
  noteClass(node, found);
  noteTimeAndChance(node, found);
  noteRestrictedTest(node, found);
  for (const [field, child] of Object.entries(node)) if (field !== 'type') visit(child, found);
}

function noteImport(node: Node, found: Found): void {
  const specifiers = nodesOf(node['specifiers']);
  const declaredType = node['importKind'] === 'type' || node['exportKind'] === 'type';
  const onlyTypes =
    specifiers.length > 0 && specifiers.every((s) => s['importKind'] === 'type' || s['exportKind'] === 'type');
  const add = (from: unknown, typeOnly: boolean) =>
    found.imports.push({ from: textOf(from) ?? '(computed)', typeOnly });
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
      add(node['source'], declaredType || onlyTypes);
      break;
    case 'ExportNamedDeclaration':
      if (node['source']) add(node['source'], declaredType || onlyTypes);
      break;
    case 'ImportExpression':
      add(node['source'], false);
      break;
    case 'TSImportType':
      add(node['source'] ?? node['argument'], true);
      break;
    case 'CallExpression':
      if (nameOf(node['callee']) === 'require') add(nodesOf(node['arguments'])[0], false);
  }
}

function noteClass(node: Node, found: Found): void {
  const declaration = node['declaration'];
  if (node.type.startsWith('Export') && isNode(declaration) && declaration.type === 'ClassDeclaration') {
    found.exportsClass = true;
  }
}

/** Methods of globals that read the time or wait for it. */
const timeMembers = new Set([
  'Date.now',
  'Math.random',
  'performance.now',
  'performance.timeOrigin',
  'process.hrtime',
  'process.uptime',
  'AbortSignal.timeout',
  'Atomics.wait',
]);
/** Names that mean time or chance wherever they come from: a global, an import, a member of a module object. setImmediate only yields. */
const timeNames = new Set(['setTimeout', 'setInterval']);
const chanceNames = new Set([
  'randomBytes',
  'randomUUID',
  'randomInt',
  'randomFill',
  'randomFillSync',
  'getRandomValues',
  'generateKeyPair',
  'generateKeyPairSync',
  'generateKey',
  'generateKeySync',
]);
const sqlTimeAndChance =
  /\b(CURRENT_(?:TIMESTAMP|DATE|TIME)|(?:datetime|date|time|julianday|unixepoch|strftime)\([^)]*'now'|random(?:blob)?\()/i;

function noteTimeAndChance(node: Node, found: Found): void {
  const note = (what: string) => found.timeAndChance.push(what);
  const name = nameOf(node);
  if (name !== undefined && (timeNames.has(name) || chanceNames.has(name))) note(name);
  if (node.type === 'MemberExpression') {
    const member = `${nameOf(node['object'])}.${nameOf(node['property'])}`;
    if (timeMembers.has(member)) note(member);
  }
  if (node.type === 'NewExpression' && nameOf(node['callee']) === 'Date' && nodesOf(node['arguments']).length === 0)
    note('new Date()');
  if (node.type === 'CallExpression' && nameOf(node['callee']) === 'Date') note('Date()');
  const sql = sqlTimeAndChance.exec(sqlTextOf(node) ?? '')?.[1];
  if (sql !== undefined) note(`SQL ${sql}`);
}

/** Text that looks like SQL: literals and each piece of a template. */
function sqlTextOf(node: Node): string | undefined {
  const raw = node.type === 'TemplateElement' ? node['value'] : undefined;
  const text =
    typeof raw === 'object' && raw !== null && 'raw' in raw && typeof raw.raw === 'string' ? raw.raw : textOf(node);
  return text !== undefined && node.type !== 'TemplateLiteral' ? text : undefined;
}

const testRoots = new Set(['it', 'test', 'describe', 'suite']);
const restrictions = new Set(['skip', 'only', 'todo', 'skipIf', 'runIf', 'fails']);

function noteRestrictedTest(node: Node, found: Found): void {
  if (node.type !== 'MemberExpression') return;
  const property = nameOf(node['property']);
  if (property === undefined || !restrictions.has(property)) return;
  const root = rootName(node['object']);
  if (root !== undefined && testRoots.has(root)) found.restrictedTests.push(`${root}.${property}`);
}

/** `it` of `it.concurrent.each(…)`. */
function rootName(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  return nameOf(node) ?? rootName(node['object'] ?? node['callee']);
}
