import { linkTo } from './router.ts';
import { groups, type Route } from './routes.tsx';
import { useSession } from './session.tsx';
import { useWords } from './words.ts';

/** The pages by group, as plain links: Tab and Enter reach all of them. */
export function SideMenu({
  routes,
  current,
  className,
  onChoice,
}: {
  routes: readonly Route[];
  current: string | undefined;
  className?: string;
  onChoice?: () => void;
}) {
  const words = useWords();
  const { bench, version, schema } = useSession();
  return (
    <nav className={className} aria-label={words('menu')}>
      {groups.map((group) => {
        const inGroup = routes.filter((route) => route.group === group);
        if (inGroup.length === 0) return null;
        return (
          <section key={group}>
            <h2 className="menu-group">{words(`menu.${group}`)}</h2>
            <ul>
              {inGroup.map((route) => (
                <li key={route.name}>
                  <a
                    href={linkTo([route.name])}
                    aria-current={route.name === current ? 'page' : undefined}
                    onClick={onChoice}
                  >
                    {words(route.title)}
                  </a>
                </li>
              ))}
              {group === 'manage' && bench !== undefined && (
                <li>
                  <a href={bench} target="_blank" rel="noreferrer">
                    {words('page.bench')} ↗
                  </a>
                </li>
              )}
            </ul>
          </section>
        );
      })}
      <p className="quiet">{words('version', { version, schema })}</p>
    </nav>
  );
}
