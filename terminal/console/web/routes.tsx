import { type ComponentType, lazy } from 'react';
import type { Session } from '../contract.ts';
import type { Word } from './words.ts';

type ConsoleRole = NonNullable<Session['user']>['role'];
export const groups = ['daily', 'money', 'lists', 'manage'] as const;

/** A page by the first part of its address (`#/settlement`); what follows is the page's own (`usePlace`). */
export interface Route {
  readonly name: string;
  readonly title: Word;
  readonly group: (typeof groups)[number];
  readonly roles: readonly ConsoleRole[];
  /** What follows the name opens over the page, which stays as it was. */
  readonly opensDetails?: true;
  readonly Page: ComponentType;
}

/** A page is loaded when it is first opened. */
const page = (load: () => Promise<ComponentType>): ComponentType => lazy(async () => ({ default: await load() }));

const staff = ['M', 'O', 'MO'] as const;

export const routes: readonly Route[] = [
  {
    name: 'overview',
    title: 'page.overview',
    group: 'daily',
    roles: staff,
    Page: page(async () => (await import('./pages/overview-page.tsx')).OverviewPage),
  },
  {
    name: 'todo',
    title: 'page.todo',
    group: 'daily',
    roles: staff,
    Page: page(async () => (await import('./pages/todo-page.tsx')).TodoPage),
  },
  {
    name: 'transactions',
    title: 'page.transactions',
    opensDetails: true,
    group: 'daily',
    roles: staff,
    Page: page(async () => (await import('./pages/transactions-page.tsx')).TransactionsPage),
  },
  {
    name: 'notices',
    title: 'page.notices',
    group: 'daily',
    roles: [...staff, 'S'],
    Page: page(async () => (await import('./pages/notices-page.tsx')).NoticesPage),
  },
  {
    name: 'settlement',
    title: 'page.settlement',
    group: 'money',
    roles: staff,
    Page: page(async () => (await import('./pages/settlement-page.tsx')).SettlementPage),
  },
  {
    name: 'settlements',
    title: 'page.settlements',
    group: 'money',
    roles: staff,
    Page: page(async () => (await import('./pages/settlements-page.tsx')).SettlementsPage),
  },
  {
    name: 'batches',
    title: 'page.batches',
    group: 'money',
    roles: staff,
    Page: page(async () => (await import('./pages/batches-page.tsx')).BatchesPage),
  },
  {
    name: 'tickets',
    title: 'page.tickets',
    group: 'money',
    roles: staff,
    Page: page(async () => (await import('./pages/tickets-page.tsx')).TicketsPage),
  },
  {
    name: 'profile',
    title: 'page.profile',
    group: 'manage',
    roles: staff,
    Page: page(async () => (await import('./pages/profile-page.tsx')).ProfilePage),
  },
  {
    name: 'reconciliation',
    title: 'page.reconciliation',
    opensDetails: true,
    group: 'lists',
    roles: staff,
    Page: page(async () => (await import('./pages/reconciliation-page.tsx')).ReconciliationPage),
  },
  {
    name: 'statements',
    title: 'page.statements',
    opensDetails: true,
    group: 'lists',
    roles: staff,
    Page: page(async () => (await import('./pages/statements-page.tsx')).StatementsPage),
  },
  {
    name: 'report',
    title: 'page.report',
    group: 'lists',
    roles: staff,
    Page: page(async () => (await import('./pages/report-page.tsx')).ReportPage),
  },
  {
    name: 'downloads',
    title: 'page.downloads',
    group: 'lists',
    roles: staff,
    Page: page(async () => (await import('./pages/downloads-page.tsx')).DownloadsPage),
  },
  {
    name: 'users',
    title: 'page.users',
    group: 'manage',
    roles: ['M', 'MO'],
    Page: page(async () => (await import('./pages/users-page.tsx')).UsersPage),
  },
  {
    name: 'parameters',
    title: 'page.parameters',
    group: 'manage',
    roles: staff,
    Page: page(async () => (await import('./pages/parameters-page.tsx')).ParametersPage),
  },
  {
    name: 'audit',
    title: 'page.audit',
    group: 'manage',
    roles: staff,
    Page: page(async () => (await import('./pages/audit-page.tsx')).AuditPage),
  },
  {
    name: 'devices',
    title: 'page.devices',
    group: 'manage',
    roles: staff,
    Page: page(async () => (await import('./pages/devices-page.tsx')).DevicesPage),
  },
];

/** The pages that this role may open, in the order of the menu. */
export const routesFor = (role: ConsoleRole): readonly Route[] => routes.filter((route) => route.roles.includes(role));
