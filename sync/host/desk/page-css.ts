export const deskCss = `
:root {
  color-scheme: light;
  --ink: #1b2430;
  --dim: #5c6878;
  --line: #d9dfe7;
  --ground: #f3f5f8;
  --brand: #1d4f91;
  --good: #176b3a;
  --bad: #b3261e;
  --warn: #8a5a00;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html[data-language="zh"] .en, html[data-language="en"] .zh { display: none; }
body {
  margin: 0;
  min-height: 100vh;
  background: var(--ground);
  color: var(--ink);
  font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", sans-serif;
}
header { display: flex; flex-wrap: wrap; gap: 0.3rem 0.8rem; align-items: center; padding: 0.5rem 1rem; background: var(--brand); color: #fff; }
header strong { font-size: 1.1rem; white-space: nowrap; }
header button { background: transparent; color: #fff; border-color: #8fb0da; }
header button:hover:not(:disabled) { background: #ffffff22; }
#merchant, #reviewer { color: #d5e3f5; font-size: 0.9rem; }
.space { flex: 1; }
button, select, input, textarea {
  font: inherit;
  color: inherit;
  background: #fff;
  border: 1px solid #b4bfcc;
  border-radius: 0.4rem;
  padding: 0.25rem 0.7rem;
  min-width: 0;
}
button { cursor: pointer; white-space: nowrap; }
button:hover:not(:disabled) { background: #e8eef6; }
button:disabled { opacity: 0.5; cursor: default; }
.strong { background: var(--brand); border-color: var(--brand); color: #fff; }
.strong:hover:not(:disabled) { background: #153c70; }
.danger { color: var(--bad); border-color: #dba7a3; }
:focus-visible { outline: 3px solid #6ea3e6; outline-offset: 1px; }
.hint { margin: 0.2rem 0 0.7rem; color: var(--dim); font-size: 0.9rem; }
.bad { color: var(--bad); }
p.bad { margin: 0.4rem 0; min-height: 1.4em; }
h1 { margin: 0; font-size: 1.25rem; }
h2 { margin: 0 0 0.3rem; font-size: 1.1rem; }
.card { background: #fff; border: 1px solid var(--line); border-radius: 0.7rem; padding: 1rem; }
#log-in { display: grid; gap: 0.8rem; max-width: 22rem; margin: 10vh auto 0; }
#door { padding: 1rem; }
label { display: grid; gap: 0.15rem; font-size: 0.9rem; color: var(--dim); }
label input, label select, label textarea { color: var(--ink); font-size: 1rem; width: 100%; }

#room { display: grid; grid-template-columns: 13rem minmax(0, 1fr); gap: 1rem; padding: 1rem; max-width: 96rem; margin: 0 auto; }
#views { display: flex; flex-direction: column; gap: 0.2rem; }
#views button { display: flex; justify-content: space-between; gap: 0.5rem; border-color: transparent; background: transparent; text-align: left; white-space: normal; }
#views button:hover { background: #e2e9f2; }
#views button[aria-current="page"] { background: #fff; border-color: var(--line); font-weight: 600; }
.count { align-self: flex-start; min-width: 1.5rem; padding: 0 0.4rem; border-radius: 1rem; background: var(--bad); color: #fff; font-size: 0.8rem; text-align: center; }
.head { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; justify-content: space-between; }
#ask-hint small { display: block; }
#trouble:empty { display: none; }
#acts { display: flex; flex-wrap: wrap; gap: 0.4rem; }
#form:not(:empty) { margin-bottom: 0.8rem; }
.line { display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: end; }
.line label { min-width: 6rem; }
.line input, .line select, .line button { height: 2.3rem; }
.line input[type="number"] { width: 6rem; }

table { width: 100%; border-collapse: collapse; background: #fff; border: 1px solid var(--line); border-radius: 0.7rem; overflow: hidden; }
#rows { overflow-x: auto; }
th, td { padding: 0.45rem 0.6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--dim); font-weight: 500; font-size: 0.85rem; white-space: nowrap; }
td { overflow-wrap: anywhere; }
td small { display: block; color: var(--dim); font-size: 0.82rem; }
td .ltr { white-space: nowrap; }
td small.sum { white-space: nowrap; font-variant-numeric: tabular-nums; }
.money { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.do { white-space: nowrap; text-align: right; }
td.do button { margin-left: 0.3rem; }
tr:last-child td { border-bottom: 0; }
tr.waits td:first-child { box-shadow: inset 3px 0 0 var(--bad); }
.none { padding: 2rem; text-align: center; color: var(--dim); background: #fff; border: 1px dashed var(--line); border-radius: 0.7rem; }
.pill { display: inline-block; padding: 0 0.5rem; border-radius: 1rem; border: 1px solid currentColor; font-size: 0.82rem; white-space: nowrap; background: #fff; }
.pill.good { color: var(--good); }
.pill.warn { color: var(--warn); }
.pill.dim { color: var(--dim); }

#said { position: fixed; left: 50%; bottom: 1rem; transform: translateX(-50%); max-width: 90vw; margin: 0; padding: 0.4rem 1rem; border-radius: 0.5rem; background: var(--good); color: #fff; }
#said:empty { display: none; }
#said.bad { background: var(--bad); color: #fff; }
dialog { width: min(32rem, calc(100vw - 2rem)); border: 1px solid var(--line); border-radius: 0.8rem; padding: 1.1rem; color: var(--ink); }
dialog::backdrop { background: #0f1a2a80; }
#ask-fields { display: grid; gap: 0.6rem; }
textarea { min-height: 6rem; resize: vertical; }
.buttons { display: flex; justify-content: flex-end; gap: 0.5rem; }

@media (max-width: 760px) {
  #room { grid-template-columns: minmax(0, 1fr); padding: 0.6rem; gap: 0.6rem; }
  #views { flex-direction: row; overflow-x: auto; padding-bottom: 0.3rem; }
  #views button { flex: none; border-color: var(--line); background: #fff; }
  #views button[aria-current="page"] { background: var(--brand); color: #fff; }
  table, tbody, tr, td { display: block; width: 100%; }
  thead { display: none; }
  table { background: transparent; border: 0; }
  tr { background: #fff; border: 1px solid var(--line); border-radius: 0.6rem; margin-bottom: 0.6rem; padding: 0.3rem 0; }
  tr.waits { border-left: 3px solid var(--bad); }
  tr.waits td:first-child { box-shadow: none; }
  td { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: 0.5rem; border: 0; padding: 0.2rem 0.7rem; text-align: left; }
  td.money { text-align: left; }
  td > .label { color: var(--dim); font-size: 0.85rem; }
  td.do { display: flex; flex-wrap: wrap; justify-content: flex-start; }
  td.do button { margin: 0.2rem 0.3rem 0 0; }
  td.do:empty, td:has(> div:empty) { display: none; }
  #views button { white-space: nowrap; }
}
@media (min-width: 761px) { td > .label { display: none; } }
`;
