/** A workbench: the terminal on the left, what a customer and a saboteur do in the middle, the paper on the right, the wires below. */
export const benchCss = `
:root {
  color-scheme: dark;
  --line: #3b424d;
  --panel: #22272f;
  --deep: #15181c;
  --dim: #a3adba;
  --good: #35b35c;
  --bad: #ff7d73;
  --warn: #f4c534;
  --mono: ui-monospace, "Noto Sans Mono CJK SC", "WenQuanYi Zen Hei Mono", monospace;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html[data-language="zh"] .en, html[data-language="en"] .zh { display: none; }
body {
  display: grid;
  grid-template-rows: auto minmax(0, 1fr);
  height: 100vh;
  margin: 0;
  background: #191c21;
  color: #e8ecf1;
  font: 14px/1.4 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", sans-serif;
}
header { display: flex; gap: 0.6rem; align-items: center; min-height: 2.8rem; padding: 0.35rem 0.8rem; border-bottom: 1px solid var(--line); }
header > * { white-space: nowrap; }
header strong { font-size: 1.05rem; }
.mark { color: var(--warn); font-weight: 600; }
#said { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; color: #8fd9a8; }
#said.bad { color: var(--bad); }
.pill { padding: 0 0.55rem; border-radius: 1rem; border: 1px solid var(--line); font-size: 0.85rem; white-space: nowrap; }
.good { border-color: var(--good); color: #7fe0a0; }
.bad { border-color: var(--bad); color: var(--bad); }
.warn { border-color: var(--warn); color: var(--warn); }
button, select, input {
  font: inherit;
  color: inherit;
  background: #2e353f;
  border: 1px solid #4a5361;
  border-radius: 0.4rem;
  padding: 0.2rem 0.6rem;
  min-width: 0;
}
button { cursor: pointer; white-space: nowrap; }
button:hover:not(:disabled) { background: #3d4754; }
button:active:not(:disabled) { background: #55677f; }
button:disabled { opacity: 0.4; cursor: default; }
:focus-visible { outline: 2px solid #9cc4ff; outline-offset: 1px; }
button[aria-pressed="true"], button[aria-selected="true"] { background: #3b5c92; border-color: #6d93cf; }
#record[aria-pressed="true"] { background: #a32a22; border-color: var(--bad); }
.strong { background: #1b8140; border-color: var(--good); }
.strong:hover:not(:disabled) { background: #23994e; }
main {
  display: grid;
  grid-template-columns: minmax(18rem, 1fr) minmax(16rem, 0.88fr) minmax(20rem, 1.15fr) minmax(18rem, 0.97fr);
  grid-template-rows: minmax(0, 1fr) minmax(9rem, 22vh);
  grid-template-areas: "terminal customer faults printer" "wire wire wire wire";
  gap: 0.6rem;
  padding: 0.6rem;
  min-height: 0;
}
section {
  display: flex;
  flex-direction: column;
  min-width: 0;
  min-height: 0;
  padding: 0.55rem 0.75rem;
  background: var(--panel);
  border: 1px solid var(--line);
  border-radius: 0.7rem;
}
#terminal { grid-area: terminal; padding: 0; background: none; border: 0; }
#face { flex: 1; width: 100%; border: 0; }
#customer { grid-area: customer; }
#faults { grid-area: faults; }
#printer { grid-area: printer; }
#wire { grid-area: wire; }
h2 { margin: 0 0 0.4rem; font-size: 1rem; }
h3 { margin: 0.5rem 0 0.2rem; font-size: 0.85rem; color: var(--dim); font-weight: 500; }
.hint { margin: 0; color: var(--dim); font-size: 0.82rem; font-weight: 400; }
small { color: var(--dim); font-size: 0.78rem; }

.vfd { padding: 0.3rem 0.5rem; background: #04110f; border-radius: 0.4rem; border: 1px solid #0d2c28; container-type: inline-size; }
.vfd pre { margin: 0; height: 1.45em; overflow: hidden; color: #4df5d2; font: 600 min(1.15rem, calc(100cqw / 12.4))/1.45 var(--mono); }
#cards { flex: 1; min-height: 5rem; overflow: auto; border: 1px solid var(--line); border-radius: 0.4rem; background: var(--deep); }
.card { display: grid; grid-template-columns: auto 1fr; column-gap: 0.4rem; align-items: center; padding: 0.18rem 0.5rem; cursor: pointer; line-height: 1.25; }
.card input { grid-row: span 2; margin: 0; }
.card small { grid-column: 2; font-family: var(--mono); }
.card:has(:checked) { background: #2c4268; }
.card:hover:not(:has(:checked)) { background: #2a3039; }
.ways { display: flex; gap: 0.3rem; margin-top: 0.35rem; }
.ways button { flex: 1 0 auto; padding: 0.3rem 0.35rem; }
form { display: flex; flex-wrap: wrap; gap: 0.3rem; }
#digits, #codes { flex: 1; width: 4rem; }
#codes { padding-inline: 0.3rem; }
#code-text { order: 3; flex: 1 0 100%; }

#devices { display: flex; flex-wrap: wrap; gap: 0.3rem; margin-bottom: 0.45rem; }
#devices button { padding: 0.1rem 0.5rem; }
#devices small { margin-left: 0.35rem; color: inherit; }
#devices small.bad { color: var(--bad); }
#devices small.warn { color: var(--warn); }
.dot { display: inline-block; width: 0.55rem; height: 0.55rem; border-radius: 50%; margin-right: 0.35rem; background: currentColor; }
#about { max-height: 40%; overflow: auto; flex: none; }
.line { display: flex; flex-wrap: wrap; gap: 0.3rem 0.5rem; align-items: center; }
.acts { display: flex; gap: 0.3rem; margin-left: auto; }
.advice { margin-top: 0.3rem; }
.active { display: flex; gap: 0.5rem; justify-content: space-between; margin-top: 0.25rem; padding: 0.1rem 0.5rem; background: #3f2222; border: 1px solid #7a3733; border-radius: 0.4rem; }
.active small { white-space: nowrap; }
.violation { margin-top: 0.25rem; color: var(--warn); font-size: 0.85rem; overflow-wrap: anywhere; }
#order { display: grid; grid-template-columns: repeat(3, 1fr) 1.6fr; gap: 0.35rem; margin: 0.45rem 0; }
#order label { font-size: 0.82rem; color: var(--dim); }
#order input { width: 100%; padding: 0.1rem 0.4rem; color: #e8ecf1; }
#list { flex: 1; min-height: 6rem; overflow: auto; border-top: 1px solid var(--line); }
.fault { display: grid; grid-template-columns: minmax(0, 1fr) auto auto; gap: 0.3rem; padding: 0.22rem 0.2rem 0.22rem 0; border-bottom: 1px solid #2c323b; align-items: center; line-height: 1.25; }
.fault small { display: block; font-family: var(--mono); overflow-wrap: anywhere; }
.fault button { padding: 0.1rem 0.5rem; }

.slot { flex: none; height: 0.8rem; border-radius: 0.5rem; background: #0b0d10; border: 1px solid #454d59; box-shadow: inset 0 0.2rem 0.4rem #000; }
#paper { min-height: 0; overflow: auto; container-type: inline-size; }
.piece { margin-bottom: 0.9rem; text-align: center; }
/* A cell of the paper. A Chinese character takes two; the slip is as wide as its columns, or as the panel. */
.slip {
  --one: min(8px, calc((100cqw - 1.4rem) / var(--columns)));
  --row: calc(2.6 * var(--one));
  width: max-content;
  margin: 0 auto 0.2rem;
  padding: 0.9rem 0.6rem;
  background: linear-gradient(#e9e7df, #fffefa 1.6rem);
  color: #1d1d1b;
  text-align: left;
  font: calc(1.84 * var(--one))/var(--row) var(--mono);
}
.slip.cut { padding-bottom: 1.3rem; mask: conic-gradient(from -45deg at bottom, #0000, #000 1deg 89deg, #0000 90deg) bottom / 8px 100%; }
.slip:not(.cut) { border-bottom: 2px dashed #b9b4a4; }
.row { display: flex; align-items: flex-end; width: calc(var(--columns) * var(--one)); min-height: var(--row); }
.row.center { justify-content: center; }
.row.right { justify-content: flex-end; }
.row > span { --x: 1; --y: 1; flex: none; width: calc(var(--cells) * var(--one) * var(--x)); height: calc(var(--row) * var(--y)); }
.row > .wide { --x: 2; }
.row > .tall { --y: 2; }
.ink { display: flex; width: calc(var(--cells) * var(--one)); transform: scale(var(--x), var(--y)); transform-origin: 0 0; font-weight: 400; }
b.ink { font-weight: 700; -webkit-text-stroke: 0.3px; }
.ink i { flex: none; width: var(--one); font-style: normal; text-align: center; white-space: pre; }
.ink i.cjk { width: calc(2 * var(--one)); }
.row img { width: calc(16 * var(--one)); image-rendering: pixelated; }
.row canvas { width: calc(var(--dots) * var(--one) / 12); image-rendering: pixelated; }
.fresh { animation: feed 0.5s ease-out; }
@keyframes feed { from { transform: translateY(-1.2rem); opacity: 0.2; } }

#wire h2 { display: flex; flex-wrap: wrap; gap: 0.3rem 0.6rem; align-items: center; }
#wire h2 :is(select, button) { font-size: 0.88rem; padding: 0.05rem 0.5rem; }
/* Reversed, so that the newest row stays in sight until somebody scrolls away from it. */
#wire-box { display: flex; flex-direction: column-reverse; flex: 1; min-height: 0; overflow: auto; background: var(--deep); border-radius: 0.4rem; }
table { margin-bottom: auto; border-collapse: collapse; width: 100%; font: 12.5px/1.45 var(--mono); }
td { padding: 0 0.55rem; vertical-align: top; white-space: nowrap; }
td.time, td.device { color: var(--dim); }
td.words, td.hex { white-space: pre-wrap; overflow-wrap: anywhere; }
td.words { width: 45%; }
td.hex { width: 45%; color: #b8c3d2; }
tr.in td.dir { color: #7fe0a0; }
tr.out td.dir { color: #9cc4ff; }
tr.note td { color: var(--dim); }

@media (max-width: 1199px), (max-height: 639px) {
  body { display: block; height: auto; }
  header { flex-wrap: wrap; }
  main { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); grid-template-rows: 36rem 36rem 16rem; grid-template-areas: "terminal customer" "faults printer" "wire wire"; }
}
@media (max-width: 719px) {
  #said { flex-basis: 100%; order: 1; }
  #said:empty { display: none; }
  main { grid-template-columns: minmax(0, 1fr); grid-template-rows: 37rem auto 34rem 34rem 20rem; grid-template-areas: "terminal" "customer" "faults" "printer" "wire"; padding: 0.4rem; }
  #cards { flex: none; height: 14rem; }
  #wire td { display: inline-block; padding: 0 0.3rem; width: auto; }
  #wire tr { display: block; border-bottom: 1px solid #2c323b; }
}
@media (prefers-reduced-motion: reduce) { .fresh { animation: none; } }
`;
