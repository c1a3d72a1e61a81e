import type * as v from 'valibot';

/** Yes only to a value that parsing would hand back as it is, its fields in the same order. A no proves nothing. */
export type Fits = (value: unknown) => boolean;

/** What rows up are made of. Anything else never fits, which is no error: such a value is parsed. */
type Part =
  | { readonly type: 'string' | 'number' | 'boolean' }
  | { readonly type: 'picklist'; readonly options: readonly unknown[] }
  | { readonly type: 'nullable' | 'optional'; readonly wrapped: v.GenericSchema }
  | { readonly type: 'array'; readonly item: v.GenericSchema }
  | { readonly type: 'tuple'; readonly items: readonly v.GenericSchema[] }
  | { readonly type: 'object'; readonly entries: Readonly<Record<string, v.GenericSchema>> };

type Rule =
  | { readonly type: 'regex'; readonly requirement: RegExp }
  | { readonly type: 'min_value' | 'max_value' | 'min_length' | 'max_length'; readonly requirement: number }
  | { readonly type: 'safe_integer' };

/** The quick way to see that a row is right, as nearly every row is: parsing copies it, which takes three times as long. Made once for a schema. */
export function fitsOf(schema: v.GenericSchema): Fits {
  if (!('pipe' in schema)) return partFits(schema as unknown as Part);
  const [part, ...rules] = schema.pipe as readonly [v.GenericSchema, ...Rule[]];
  return rules.map(ruleFits).reduce<Fits>((before, rule) => (value) => before(value) && rule(value), fitsOf(part));
}

function partFits(part: Part): Fits {
  switch (part.type) {
    case 'string':
      return (value) => typeof value === 'string';
    case 'number':
      return (value) => typeof value === 'number' && !Number.isNaN(value);
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'picklist':
      return (value) => part.options.includes(value);
    case 'nullable': {
      const fits = fitsOf(part.wrapped);
      return (value) => value === null || fits(value);
    }
    // What is missing is no fit: parsing may fill it in.
    case 'optional':
      return fitsOf(part.wrapped);
    case 'array': {
      const fits = fitsOf(part.item);
      return (value) => Array.isArray(value) && listFits(value, () => fits);
    }
    case 'tuple': {
      const items = part.items.map(fitsOf);
      return (value) => Array.isArray(value) && value.length === items.length && listFits(value, (at) => items[at]);
    }
    case 'object': {
      const entries = Object.entries(part.entries).map(([name, entry]) => ({ name, fits: fitsOf(entry) }));
      return (value) => objectFits(value, entries);
    }
    default:
      return () => false;
  }
}

function listFits(list: readonly unknown[], fitsAt: (index: number) => Fits | undefined): boolean {
  for (let at = 0; at < list.length; at++) if (!fitsAt(at)?.(list[at])) return false;
  return true;
}

/** `for in` and not `Object.entries`, which makes an array of each field; only plain objects come here, and they inherit nothing that it would see. */
function objectFits(value: unknown, entries: readonly { readonly name: string; readonly fits: Fits }[]): boolean {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  let at = 0;
  for (const name in value) {
    const entry = entries[at++];
    if (entry?.name !== name || !entry.fits(value[name as keyof typeof value])) return false;
  }
  return at === entries.length;
}

/** Rules stand behind the part that they are about, so they see its type only. */
function ruleFits(rule: Rule): Fits {
  switch (rule.type) {
    case 'regex':
      return (value) => rule.requirement.test(String(value));
    case 'min_value':
      return (value) => Number(value) >= rule.requirement;
    case 'max_value':
      return (value) => Number(value) <= rule.requirement;
    case 'min_length':
      return (value) => lengthOf(value) >= rule.requirement;
    case 'max_length':
      return (value) => lengthOf(value) <= rule.requirement;
    case 'safe_integer':
      return Number.isSafeInteger;
    default:
      return () => false;
  }
}

const lengthOf = (value: unknown): number =>
  typeof value === 'string' || Array.isArray(value) ? value.length : Number.NaN;
