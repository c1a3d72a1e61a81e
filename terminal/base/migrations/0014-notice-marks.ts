/** Up to which notice a reader, a user with the texts of the role, has read everything: what is new is looked for behind it. */
export const noticeMarks = {
  name: '0014-notice-marks',
  sql: `
CREATE TABLE notice_mark (
  by TEXT NOT NULL,
  texts TEXT NOT NULL,
  notice INTEGER NOT NULL,
  PRIMARY KEY (by, texts)
) STRICT, WITHOUT ROWID;
`,
};
