/** 风险: stop and report (B-046). */
export interface RiskDesk {
  /**
   * Tells upstream of something suspicious; what was paid is then held for review. What is under way is stopped by the face with its own 取消 first. `payment`: its
   * number, or that of a refund of it; undefined: nothing was paid. Works without the link: it is told when there is one. UNAUTHENTICATED, FORBIDDEN, NOT_FOUND,
   * DISK_FULL.
   */
  report(payment: string | undefined, reason: string, where: string): Promise<void>;
  /** Whether upstream holds the money of this payment. */
  isFrozen(payment: string): boolean;
}
