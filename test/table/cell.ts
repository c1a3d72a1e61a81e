import type { TestSystemOptions } from '../support/terminal.ts';
import type { Left } from './left.ts';
import type { Till } from './till.ts';

/** The table of issue 4, "Done when" 1: each transaction × each ending, with its journal, its batch totals, its slip and its screen. */

export const transactions = [
  '消费',
  '消费 (芯片, 密码)',
  '撤销',
  '撤销 (已实时清算)',
  '退货 (本机记录)',
  '退货 (参考号, 他终端)',
  '预授权',
  '预授权撤销',
  '预授权完成请求',
  '预授权完成通知',
  '预授权完成撤销',
  '余额查询',
  '付款码',
  '收款码',
  '离线消费',
] as const;
export type Transaction = (typeof transactions)[number];

export const endings = [
  'approved',
  'declined',
  'partial',
  'no answer',
  'late answer',
  'bad signature',
  'mismatched echo',
  'duplicate',
  'card removed',
  'cancelled',
  'power cut',
] as const;
export type Ending = (typeof endings)[number];

export interface Cell extends Left {
  /** What cashier, customer, wires and host do. */
  readonly given: string;
  /** From the idle screen on. */
  readonly play: (till: Till) => Promise<void>;
  /** What the screen says then of the money, page after page. */
  readonly screens: readonly RegExp[];
  readonly system?: TestSystemOptions;
}

/** In words why there is no such ending. */
export interface NoCell {
  readonly none: string;
}

export interface Row {
  readonly name: Transaction;
  readonly system?: TestSystemOptions;
  readonly cells: Readonly<Record<Ending, readonly Cell[] | NoCell>>;
}

export const nothing: Left = { states: '', journals: '', totals: '', slips: [] };

/** Both copies. */
export const twice = (slip: string): readonly string[] => [slip, slip];
