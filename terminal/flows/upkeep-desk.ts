import type { Fen } from '../base/money.ts';

/** 终端管理: what 99 may do about the terminal itself. Refusals leave one audit line. */
export interface UpkeepDesk {
  /** 回响测试: a question to the host that changes nothing, there and back. FORBIDDEN, OFFLINE (also without an answer). */
  echo(signal: AbortSignal): Promise<Echo>;
  /** 参数下载: signs in, which brings the parameters. FORBIDDEN, and as `Counter.signIn`. */
  download(signal: AbortSignal): Promise<Downloaded>;
  /** 状态上送: the self-check of now goes up. FORBIDDEN, DISK_FULL. */
  tellState(): Promise<void>;
  /** 失败记录: what does not go on without a person. FORBIDDEN. */
  troubles(): readonly Trouble[];
}

export interface Echo {
  readonly tookMs: number;
  /** How far the host's clock is ahead; null: not compared yet. */
  readonly clockOffsetMs: number | null;
}

/** Names of the parameters that are other than they were. */
export interface Downloaded {
  readonly rev: number;
  readonly changed: readonly string[];
}

export type Trouble =
  /** A reversal without a final answer, or another payment that nobody but a person can decide. */
  | {
      readonly is: 'payment';
      readonly stan: string;
      readonly batch: string;
      readonly at: number;
      readonly amountFen: Fen;
      readonly code: string | undefined;
    }
  /** A record that the host rejected, with its code; without one it could not be sent. */
  | { readonly is: 'row'; readonly kind: string; readonly no: string; readonly code: string | undefined };
