import { shanghaiTime } from '../formats.ts';

/** A moment in Shanghai time; a dash for one that has not come. */
export function When({ at }: { at: number | undefined }) {
  if (at === undefined) return <span className="quiet">—</span>;
  return (
    <time className="when" dateTime={new Date(at).toISOString()}>
      {shanghaiTime(at)}
    </time>
  );
}
