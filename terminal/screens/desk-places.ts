import type { Fen } from '../base/money.ts';
import type { BatchSummary } from '../flows/batch-summary.ts';
import type { CodeOutcome, CodeStep, CodeWay } from '../flows/code-sale-desk.ts';
import type { TransactionView } from '../flows/counter.ts';
import type { RefundOffer, RefundOutcome, RefundReference, RefundStep } from '../flows/give-back-desk.ts';
import type {
  InvoiceOffer,
  InvoiceOrder,
  InvoiceOutcome,
  InvoiceStep,
  InvoiceTitle,
  ScannedTitle,
  TitleKind,
} from '../flows/invoice-desk.ts';
import type { StoredOutcome } from '../flows/stored-sale-desk.ts';
import type { Downloaded, Echo, Trouble } from '../flows/upkeep-desk.ts';
import type { Say } from './texts.ts';
import type { TextKey } from './texts-zh.ts';

/**
 * Places, commands and results of what is done beside card transactions: refunds, codes, reports, invoices, lists, upkeep. Few kinds of page serve all of them; what a
 * page leads to is in it, as data.
 */

export type MenuName =
  | 'main'
  | 'preauth'
  | 'offline'
  | 'print'
  | 'manage'
  | 'query'
  | 'staff'
  | 'upkeep'
  | 'other'
  | 'codes'
  | 'function'
  | 'refund'
  | 'report'
  | 'invoice';

export type DeskPlace = Sheet | Choose | Form | DeskWait | CodeSale;

/** Where 取消 leads. */
export type Back = 'idle' | { readonly menu: MenuName } | Sheet | Choose | Form;

/** A text, a label with its value, or words that come from elsewhere and are broken into rows. */
export type Row =
  | Say
  | { readonly label: Extract<TextKey, `label.${string}`>; readonly value: string | Say }
  | { readonly words: string; readonly most: number }
  | { readonly right: string };

/** What a choice leads to. */
export type Way =
  | { readonly to: Sheet | Choose | Form }
  | { readonly refund: RefundOffer }
  | { readonly approve: RefundToMake }
  | { readonly run: PlainDeskCommand };

/** Something to read, page by page. */
export interface Sheet {
  readonly is: 'sheet';
  readonly pages: readonly SheetPage[];
  readonly index: number;
  /** `any`: a result, which every key and time leave behind. */
  readonly leave: 'cancel' | 'any';
  readonly isError?: boolean;
  readonly back: Back;
  /** As of `Choose`. */
  readonly stopped?: number | undefined;
  readonly expiresMs: number;
}

export interface SheetPage {
  readonly title: Say;
  readonly rows: readonly Row[];
  readonly amountFen?: Fen;
  /** 确认 */
  readonly enter?: Way;
}

export interface Choose {
  readonly is: 'choose';
  readonly title: Say;
  readonly lines: readonly Row[];
  /** By the digits from 1 on. */
  readonly choices: readonly { readonly text: Extract<TextKey, `choice.${string}`>; readonly to: Way }[];
  readonly back: Back;
  /** Number of the command that was stopped for this: how it ends does not push the page away. */
  readonly stopped: number | undefined;
  readonly expiresMs: number;
}

/** Numbers that are typed, one row after the other. */
export interface Form {
  readonly is: 'form';
  readonly form: FormFor;
  readonly typed: readonly string[];
  readonly notice: Say | undefined;
  readonly back: Back;
  readonly expiresMs: number;
}

export type FormFor =
  | { readonly for: 'refund-voucher' | 'refund-reference' }
  | { readonly for: 'find'; readonly why: 'show' | 'report' }
  | { readonly for: 'invoice-voucher' }
  /** What stands under the customer's code. */
  | { readonly for: 'code'; readonly amountFen: Fen }
  | {
      readonly for: 'invoice-phone';
      readonly offer: InvoiceOffer;
      readonly kind: TitleKind;
      readonly title: InvoiceTitle;
    };

/** A command runs. */
export interface DeskWait {
  readonly is: 'desk-wait';
  readonly id: number;
  readonly command: PlainDeskCommand;
  readonly step: RefundStep | InvoiceStep | undefined;
  readonly back: Back;
}

export interface CodeSale {
  readonly is: 'code-sale';
  readonly id: number;
  readonly amountFen: Fen;
  readonly by: CodeWay['by'];
  readonly step: CodeStep | undefined;
}

export type ReportReason = 'fraud' | 'amount' | 'customer' | 'other';

export type DeskCommand =
  | { readonly is: 'refund-find'; readonly reference: RefundReference }
  | ({ readonly is: 'refund' } & RefundToMake)
  /** With 主管密码. */
  | ({ readonly is: 'approved-refund'; readonly secret: string } & RefundToMake)
  | { readonly is: 'code-sale'; readonly amountFen: Fen; readonly way: CodeWay }
  /** Without `stan`: the last one. */
  | { readonly is: 'find'; readonly stan?: string; readonly why: 'show' | 'report' }
  | { readonly is: 'advise'; readonly stan: string; readonly amountFen: Fen }
  | {
      readonly is: 'report';
      readonly about: { readonly payment: string } | 'last' | 'nothing';
      readonly reason: ReportReason;
      readonly where: string;
    }
  | { readonly is: 'invoice-offer'; readonly stan?: string }
  | { readonly is: 'invoice-title'; readonly offer: InvoiceOffer }
  | { readonly is: 'invoice-issue'; readonly order: InvoiceOrder; readonly amountFen: Fen }
  | { readonly is: 'invoice-red'; readonly invoice: string; readonly amountFen: Fen }
  | { readonly is: 'invoice-print'; readonly invoice: string }
  /** With 主管密码. */
  | { readonly is: 'approved-drawer'; readonly secret: string }
  | { readonly is: 'sign-off' | 'drawer' | 'echo' | 'download' | 'tell-state' };

export interface RefundToMake {
  readonly offer: RefundOffer;
  readonly amountFen: Fen;
}

export type PlainDeskCommand = Exclude<DeskCommand, { readonly secret: string }>;

export type DeskProgress =
  | { readonly of: 'refund'; readonly step: RefundStep }
  | { readonly of: 'invoice'; readonly step: InvoiceStep }
  | { readonly of: 'code-sale'; readonly step: CodeStep };

export type DeskResult =
  | { readonly of: 'refund-find'; readonly offer: RefundOffer }
  | { readonly of: 'refund'; readonly outcome: RefundOutcome }
  | { readonly of: 'code-sale'; readonly outcome: CodeOutcome }
  | { readonly of: 'find'; readonly txn: TransactionView | undefined }
  | { readonly of: 'advise'; readonly outcome: StoredOutcome }
  | { readonly of: 'invoice-offer'; readonly offer: InvoiceOffer | undefined }
  | { readonly of: 'invoice-title'; readonly scanned: ScannedTitle }
  | { readonly of: 'invoice'; readonly outcome: InvoiceOutcome }
  | { readonly of: 'echo'; readonly echo: Echo }
  | { readonly of: 'download'; readonly downloaded: Downloaded }
  | { readonly of: 'drawer-needs-secret' }
  | { readonly of: 'desk-done' };

export type DeskQuery = 'summary' | 'stored' | 'troubles';

export type DeskAnswer =
  | { readonly is: 'summary'; readonly summary: BatchSummary | undefined }
  | { readonly is: 'stored'; readonly rows: readonly TransactionView[] }
  | { readonly is: 'troubles'; readonly rows: readonly Trouble[] };
