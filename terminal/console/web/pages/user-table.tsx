import { Button, Flex, Tag } from 'antd';
import type { ConsoleUserView } from '../../../flows/console-user-desk.ts';
import { type Column, Rows } from '../parts/rows.tsx';
import { When } from '../parts/when.tsx';
import { useSession } from '../session.tsx';
import { useWords } from '../words.ts';

type Act = (user: ConsoleUserView) => void;

export function UserTable({
  users,
  change,
  remove,
  makeCode,
}: {
  users: readonly ConsoleUserView[];
  change: Act;
  remove: Act;
  makeCode: Act;
}) {
  const words = useWords();
  const self = useSession().user?.login;
  const columns: readonly Column<ConsoleUserView>[] = [
    {
      title: words('users.name'),
      cell: ({ name, login }) => (
        <>
          {name} {login === self && <Tag>{words('users.self')}</Tag>}
        </>
      ),
    },
    { title: words('users.login'), cell: ({ login }) => login },
    { title: words('users.role'), cell: ({ role }) => <span className="wrap short">{words(`role.${role}`)}</span> },
    { title: words('list.state'), cell: (user) => <UserState user={user} /> },
    {
      title: words('users.lastSeen'),
      cell: ({ lastSeenAt }) => (lastSeenAt === undefined ? words('users.never') : <When at={lastSeenAt} />),
    },
  ];
  return (
    <Rows
      label={words('users.console')}
      columns={columns}
      rows={users}
      idOf={({ login }) => login}
      empty={{ what: words('users.empty'), how: words('users.emptyHow') }}
      acts={(user) =>
        user.state === 'ACTIVE' && (
          <>
            <UserButton user={user} act={makeCode} label={words('users.code')} />
            {user.login !== self && (
              <>
                <UserButton user={user} act={change} label={words('users.change')} />
                <UserButton user={user} act={remove} label={words('users.remove')} isDanger />
              </>
            )}
          </>
        )
      }
    />
  );
}

const UserButton = ({
  user,
  act,
  label,
  isDanger = false,
}: {
  user: ConsoleUserView;
  act: Act;
  label: string;
  isDanger?: boolean;
}) => (
  <Button size="small" danger={isDanger} onClick={() => act(user)} aria-label={`${label}: ${user.login}`}>
    {label}
  </Button>
);

function UserState({ user: { state, locked, hasSecret } }: { user: ConsoleUserView }) {
  const words = useWords();
  if (state === 'REMOVED') return <Tag>– {words('users.removed')}</Tag>;
  return (
    <Flex wrap gap={4} align="center" component="span">
      {locked ? (
        <Tag color="error">✕ {words('users.locked')}</Tag>
      ) : (
        <Tag color="success">✓ {words('users.active')}</Tag>
      )}
      {!hasSecret && <Tag color="warning">! {words('users.noSecret')}</Tag>}
    </Flex>
  );
}
