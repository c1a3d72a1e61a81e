/** How often the slip of a settlement was printed. Files that are made by jobs (下载中心): what was asked for, fixed when it was asked, and what became of it. The file itself stands in `exports/` under the id. */
export const exportTables = {
  name: '0012-exports',
  sql: `
ALTER TABLE settlement ADD COLUMN prints INTEGER NOT NULL DEFAULT 0;

CREATE TABLE export (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  format TEXT NOT NULL CHECK (format IN ('csv','xlsx','html')),
  language TEXT NOT NULL CHECK (language IN ('zh','en')),
  from_day TEXT,
  to_day TEXT,
  about TEXT,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('QUEUED','RUNNING','READY','EXPIRED','FAILED')),
  requested_by TEXT NOT NULL,
  role TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  of_rows INTEGER NOT NULL,
  rows INTEGER,
  bytes INTEGER,
  sha256 TEXT,
  valid_until INTEGER,
  problem TEXT,
  CHECK (state NOT IN ('READY','EXPIRED') OR rows IS NOT NULL AND sha256 IS NOT NULL AND valid_until IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX export_live ON export (state) WHERE state IN ('QUEUED','RUNNING','READY');
`,
};
