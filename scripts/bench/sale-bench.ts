/** Sales on a database file of their own, the way F1 measures them: the terminal's, and the hand-written ones that they are measured beside. */
export interface SaleBench {
  /** Makes ready what `commit` needs; not measured. */
  prepare(count: number): void;
  /** Commits every prepared sale, one transaction each. */
  commit(): void;
  /** What the idle screen does between sales; not measured. */
  checkpoint(): void;
  close(): void;
}
