import { Button, Card, Flex, Tag } from 'antd';
import type { NoticeView } from '../../../flows/notice-desk.ts';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { useDeed } from '../parts/deed.ts';
import { NothingYet } from '../parts/nothing-yet.tsx';
import { Page } from '../parts/page.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { When } from '../parts/when.tsx';
import { wordOr } from '../parts/word-or.ts';
import { useSession } from '../session.tsx';
import { useWords } from '../words.ts';

const mostNotices = 200;

/** 站内信: the unread first, and what went out by e-mail and SMS beside them. */
export function NoticesPage() {
  const words = useWords();
  const deed = useDeed();
  const answer = useAnswer('/notices', {}, { limit: mostNotices });
  const read = async (ids: readonly number[]) => {
    if (await deed.send('/notices/read', {}, { ids: [...ids] })) answer.again();
  };
  const notices = answer.data?.notices ?? [];
  const unread = notices.filter((one) => !one.read);
  return (
    <Page
      title={words('page.notices')}
      extra={
        unread.length > 0 && (
          <Button loading={deed.busy} onClick={() => void read(unread.map(({ id }) => id))}>
            {words('notice.readAll')}
          </Button>
        )
      }
    >
      <Refusal error={deed.error} />
      <Answered answer={answer} what={words('notice.waiting')}>
        {({ unread: count }) =>
          notices.length === 0 ? (
            <NothingYet what={words('notice.empty')} how={words('notice.emptyHow')} />
          ) : (
            <>
              <p role="status" className="quiet">
                {count > 0 ? words('notice.unread', { n: count }) : words('notice.allRead')}
              </p>
              <ul className="notices" aria-label={words('page.notices')}>
                {[...unread, ...notices.filter((one) => one.read)].map((notice) => (
                  <li key={notice.id}>
                    <Notice notice={notice} read={() => void read([notice.id])} />
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </Answered>
    </Page>
  );
}

function Notice({ notice, read }: { notice: NoticeView; read: () => void }) {
  const words = useWords();
  const { language } = useSession();
  return (
    <Card size="small" className={notice.read ? 'notice' : 'notice unread'}>
      <div className="notice-head">
        <Flex wrap gap={8} align="center" component="span">
          {!notice.read && <Tag color="blue">● {words('notice.new')}</Tag>}
          {notice.level === 'warning' && <Tag color="warning">! {words('notice.warning')}</Tag>}
          <span className="quiet">
            <When at={notice.at} />
          </span>
        </Flex>
        {!notice.read && (
          <Button size="small" onClick={read} aria-label={`${words('notice.read')}: ${notice[language]}`}>
            {words('notice.read')}
          </Button>
        )}
      </div>
      <p>{notice[language]}</p>
      {notice.sent.map((sent) => (
        <Flex key={sent.channel} component="p" wrap gap={8} align="center" className="quiet">
          <span>
            {words(`notice.${sent.channel}`)} {sent.to}
          </span>
          <StateTag state={sent.state} of="notice" />
          {sent.attempts > 1 && <span>{words('notice.attempts', { n: sent.attempts })}</span>}
          {sent.reason !== undefined && wordOr(words, 'notice.reason', sent.reason)}
        </Flex>
      ))}
    </Card>
  );
}
