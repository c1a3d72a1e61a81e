/** What stands for `:no` in a path, by its name. */
export type Parts = Readonly<Record<string, string>>;
export type Query = Readonly<Record<string, string | number | undefined>>;

/** `/settlements/:no` with its parts filled in, under `/api`. */
export function addressOf(path: string, parts: Parts = {}, query: Query = {}): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''));
  const asked = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name}=${encodeURIComponent(String(value))}`],
  );
  return `/api${filled}${asked.length > 0 ? `?${asked.join('&')}` : ''}`;
}
