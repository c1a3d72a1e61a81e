import { yuanWithSign } from '../formats.ts';

/** An amount, `¥1,234.56`: right-aligned digits of one width, red below zero. */
export function Yuan({ fen }: { fen: number }) {
  return <span className={fen < 0 ? 'yuan negative' : 'yuan'}>{yuanWithSign(fen)}</span>;
}
