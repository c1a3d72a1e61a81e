import { Card } from 'antd';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { NothingYet } from '../parts/nothing-yet.tsx';
import { Page } from '../parts/page.tsx';
import { useWords } from '../words.ts';
import { TicketList } from './ticket-list.tsx';

export function TicketsPage() {
  const words = useWords();
  const answer = useAnswer('/tickets');
  return (
    <Page title={words('page.tickets')}>
      <Answered answer={answer} what={words('wait.list', { what: words('page.tickets') })}>
        {({ tickets }) => (
          <Card>
            {tickets.length === 0 ? (
              <NothingYet what={words('ticket.empty')} how={words('ticket.empty.how')} />
            ) : (
              <TicketList tickets={tickets} />
            )}
          </Card>
        )}
      </Answered>
    </Page>
  );
}
