import { Button, Flex } from 'antd';
import { linkTo, type Place } from '../router.ts';
import { useWords } from '../words.ts';
import { useNarrow } from './narrow.ts';

/** How many rows of a long list are asked for at once. */
export const usePageRows = (): number => (useNarrow() ? 20 : 50);

/** To the rows before `last`, the last one that is shown, and back to the newest. The way stands in the address. */
export function Pager({
  place: { path, query },
  rows,
  last,
}: {
  place: Place;
  rows: number;
  last: string | undefined;
}) {
  const words = useWords();
  const pageRows = usePageRows();
  const { before, ...others } = query;
  if (before === undefined && rows < pageRows) return null;
  return (
    <Flex component="nav" wrap gap="small" justify="end" className="pager">
      {before !== undefined && <Button href={linkTo(path, others)}>{words('list.newest')}</Button>}
      {rows === pageRows && <Button href={linkTo(path, { ...others, before: last })}>{words('list.older')}</Button>}
    </Flex>
  );
}
