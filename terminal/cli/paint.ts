/** Colour for a person's eyes; plain text stays plain. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
}

export function makePaint(coloured: boolean): Paint {
  const paint = (code: number) => (text: string) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { good: paint(32), bad: paint(31) };
}
