import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { newestApplications } from '../settlement/apply.ts';
import { closeTicket, newestTickets, openTicket, type Ticket, ticketOfKey } from '../settlement/dispute.ts';
import { newestSettlements, settlementByNo } from '../settlement/queries.ts';
import { checkSettlement, requestSettlement } from '../settlement/settle.ts';
import { stopSettlement } from '../settlement/stop-settlement.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { applicationView, applyAccount, applyMode, applyPaperStatement, applyProfile } from './apply.ts';
import { refusing } from './audit-attempt.ts';
import { requireSettleable } from './settle-obstacles.ts';
import { isSettledIn, settledIn, settledPage } from './settled-payments.ts';
import type { SettlementDesk, TicketView } from './settlement-desk.ts';
import { settlementHome } from './settlement-home.ts';
import { settlementDetail } from './views.ts';
import { changed, type World } from './world.ts';

const mostTickets = 500;

/** Loaded late: it needs the calendar, whose tables are large. */
export function settlementDesk(world: World): SettlementDesk {
  const { db, clock, random } = world;

  /** What is refused leaves one audit line (P-06); what is done goes up and is shown. */
  const run = <T>(by: User, action: string, about: string, work: () => T): T =>
    refusing(world, { by: by.no, action, about }, () => {
      const done = work();
      world.link.wake();
      changed(world);
      return done;
    });

  const look = (by: User): void => authorise(by, 'look');
  const detailOf = (no: string) => {
    const settlement = settlementByNo(db, no);
    if (!settlement) throw new TerminalError('NOT_FOUND', { what: 'settlement', no });
    return settlementDetail(db, settlement);
  };

  return {
    home(by) {
      look(by);
      return settlementHome(world);
    },
    applyMode: (by, record, key) => run(by, 'settle-mode', '', () => applyMode(world, by, record, key)),
    applyAccount: (by, account, key) => run(by, 'settle-account', '', () => applyAccount(world, by, account, key)),
    applyProfile: (by, change, key) => run(by, 'profile', '', () => applyProfile(world, by, change, key)),
    applyPaperStatement: (by, month, address, key) =>
      run(by, 'paper-statement', month, () => applyPaperStatement(world, by, { month, address }, key)),
    applications(by, limit) {
      look(by);
      return newestApplications(db, limit).map(applicationView);
    },
    settle: (by, { amountFen, seenAvailableFen, accountVersion, key }) =>
      run(by, 'settle', '', () => {
        const command = { user: by, amount: amountFen, seenFen: seenAvailableFen, accountVersion, key };
        return detailOf(requestSettlement(db, world, command, () => requireSettleable(world)).no);
      }),
    stop: (by, no) => run(by, 'stop-settle', no, () => stopSettlement(db, clock, by, no)),
    settlements(by, limit, before) {
      look(by);
      return newestSettlements(db, limit, before).map((settlement) => settlementDetail(db, settlement));
    },
    settlement(by, no) {
      look(by);
      return detailOf(no);
    },
    async details(by, no, limit, after) {
      look(by);
      detailOf(no);
      const settled = await settledIn(world, no);
      return { payments: settledPage(db, no, settled, limit, after), otherFen: settled.otherFen };
    },
    check: (by, no) => run(by, 'settlement-checked', no, () => checkSettlement(db, clock, by, no)),
    dispute: (by, no, payment, text, key) =>
      run(by, 'dispute', no, () => {
        authorise(by, 'settle');
        const about = { settlement: no, payment: payment ?? null, text, by: by.no, key };
        const known = ticketOfKey(db, about);
        if (known) return ticketView(known);
        if (payment !== undefined && !isSettledIn(db, no, payment))
          throw new TerminalError('NOT_FOUND', { what: 'transaction', no: payment });
        const ticket = { ...about, no: newId(clock, random), at: clock.now() };
        return ticketView(inTransaction(db, (tx) => openTicket(tx, ticket)));
      }),
    closeTicket: (by, ticket) =>
      run(by, 'close-ticket', ticket, () => {
        authorise(by, 'settle');
        inTransaction(db, (tx) => closeTicket(tx, clock.now(), by.no, ticket));
      }),
    tickets(by) {
      look(by);
      return newestTickets(db, mostTickets).map(ticketView);
    },
  };
}

const ticketView = (ticket: Ticket): TicketView => ({
  ...ticket,
  payment: ticket.payment ?? undefined,
  answer: ticket.answer ?? undefined,
  answeredBy: ticket.answeredBy ?? undefined,
});
