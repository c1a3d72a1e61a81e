/** Sales on a database file of their own, the way F1 measures them: the terminal's, and the hand-written ones that they are measured beside. */
export interface SaleBench {
  /** What stands before the commit of a sale, such as the commit of its intent; not measured. */
  prepare(): void;
  /** Commits the prepared sale, in one transaction. */
  commit(): void;
  /** What the idle screen does between sales; not measured. */
  checkpoint(): void;
  close(): void;
}
