import { App, Button } from 'antd';
import type { TicketView } from '../../../flows/settlement-desk.ts';
import { useDeed } from '../parts/deed.ts';
import { Refusal } from '../parts/refusal.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { When } from '../parts/when.tsx';
import { linkTo } from '../router.ts';
import { useWords } from '../words.ts';

/** Dispute tickets with what was asked and answered; who is content closes one. */
export function TicketList({ tickets }: { tickets: readonly TicketView[] }) {
  return (
    <ul className="card-list">
      {tickets.map((ticket) => (
        <Ticket key={ticket.no} ticket={ticket} />
      ))}
    </ul>
  );
}

function Ticket({ ticket }: { ticket: TicketView }) {
  const words = useWords();
  const { message } = App.useApp();
  const deed = useDeed();
  const { no, settlement, payment, state } = ticket;
  const close = async () => {
    if (await deed.send('/tickets/:no/close', { no }, {})) message.success(words('ticket.closed'));
  };
  return (
    <li className="ticket">
      <div className="ticket-head">
        <StateTag state={state} of="ticket" />
        <strong>{no}</strong>
        <a href={linkTo(['settlements', settlement])}>{words('ticket.settlement', { no: settlement })}</a>
        {payment !== undefined && (
          <a href={linkTo(['transactions', payment])}>{words('ticket.payment', { no: payment })}</a>
        )}
        {state === 'ANSWERED' && (
          <Button
            size="small"
            loading={deed.busy}
            onClick={() => void close()}
            aria-label={words('ticket.close.of', { no })}
          >
            {words('ticket.close')}
          </Button>
        )}
      </div>
      <p className="pre-line">
        <span className="quiet">
          {ticket.by} · <When at={ticket.at} />
        </span>
        <br />
        {ticket.text}
      </p>
      {ticket.answer === undefined ? (
        <p className="quiet">{words('ticket.noAnswer')}</p>
      ) : (
        <p className="pre-line answer">
          <span className="quiet">{words('ticket.answer', { by: ticket.answeredBy ?? '' })}</span>
          <br />
          {ticket.answer}
        </p>
      )}
      <Refusal error={deed.error} />
    </li>
  );
}
