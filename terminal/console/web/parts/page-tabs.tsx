import { Tabs, type TabsProps } from 'antd';
import { useWords } from '../words.ts';

/** Tabs; what finds no room is behind a button that has a name. */
export function PageTabs({ items }: { items: TabsProps['items'] }) {
  const words = useWords();
  const more = (
    <span role="img" aria-label={words('more')}>
      …
    </span>
  );
  return <Tabs more={{ icon: more }} items={items ?? []} />;
}
