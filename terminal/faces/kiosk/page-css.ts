/** The device in dark plastic, its display like an LCD; a 20 × 8 grid of cells that no font can push apart. */
export const kioskCss = `
:root {
  --ink: #10231a;
  --lcd: #c9dcc0;
  --key: #3a414c;
  --cell: 1.2rem;
  color-scheme: dark;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { font-size: 16px; }
body {
  margin: 0;
  min-height: 100vh;
  background: #191c21;
  color: #e8ecf1;
  font-family: system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", sans-serif;
}
main {
  display: flex;
  flex-wrap: wrap;
  gap: 2.5rem;
  align-items: flex-start;
  justify-content: center;
  padding: 0.5rem;
}
.device {
  width: calc(20 * var(--cell) + 6rem);
  max-width: 100%;
  padding: 1rem 1.5rem 0.8rem;
  border-radius: 1.6rem;
  background: #2b313a;
  border: 1px solid #454d59;
  box-shadow: 0 1.5rem 3rem rgba(0, 0, 0, 0.55), inset 0 1px 0 rgba(255, 255, 255, 0.12);
}
header { display: flex; align-items: center; gap: 0.8rem; margin-bottom: 0.7rem; }
.brand { font-weight: 700; letter-spacing: 0.35em; color: #f3f5f8; }
.link { margin-left: auto; padding: 0.1rem 0.6rem; border-radius: 1rem; background: #b3261e; color: #fff; font-size: 0.85rem; }
.connected .link { display: none; }
.connected #language { margin-left: auto; }
#language {
  padding: 0.3rem 0.8rem;
  border: 1px solid #566070;
  border-radius: 1rem;
  background: none;
  color: #c4ccd8;
  font: inherit;
  font-size: 0.85rem;
  cursor: pointer;
}
html[data-language="zh"] .en, html[data-language="en"] .zh { display: none; }

.glass {
  padding: 0.9rem;
  border-radius: 0.8rem;
  background: #0d0f12;
  box-shadow: inset 0 0.2rem 0.6rem rgba(0, 0, 0, 0.9);
}
#screen {
  position: relative;
  width: calc(20 * var(--cell) + 1rem);
  max-width: 100%;
  min-height: calc((7 * 2.1 + 2.6) * var(--cell) + 0.8rem);
  margin: 0 auto;
  padding: 0.4rem 0.5rem;
  border-radius: 0.3rem;
  background: linear-gradient(#d3e4ca, var(--lcd) 60%, #bfd3b5);
  color: var(--ink);
  font-family: ui-monospace, "Noto Sans Mono CJK SC", "WenQuanYi Zen Hei Mono", "Microsoft YaHei", monospace;
  font-size: calc(1.84 * var(--cell));
  line-height: calc(2.1 * var(--cell));
  transition: opacity 0.2s;
}
/* Over the third to the sixth row. */
#qr {
  position: absolute;
  top: calc(2 * 2.1 * var(--cell) + 0.6rem);
  left: 50%;
  width: calc(4 * 2.1 * var(--cell) - 0.4rem);
  height: calc(4 * 2.1 * var(--cell) - 0.4rem);
  transform: translateX(-50%);
  background: #fff;
  image-rendering: pixelated;
}
body:not(.connected) #screen { opacity: 0.35; }
.row { display: flex; height: calc(2.1 * var(--cell)); }
.row i { width: var(--cell); font-style: normal; text-align: center; white-space: pre; overflow: visible; }
.row i.wide { width: calc(2 * var(--cell)); }
.row.title { background: var(--ink); color: #e4f2da; font-weight: 600; border-radius: 0.2rem; }
.row.amount { height: calc(2.6 * var(--cell)); justify-content: flex-end; font-weight: 700; font-size: calc(2.6 * var(--cell)); line-height: calc(2.6 * var(--cell)); }
.row.amount i { width: calc(1.4 * var(--cell)); }
.row.keys { border-top: 2px solid rgba(16, 35, 26, 0.35); color: #2b4a39; font-size: calc(1.7 * var(--cell)); }

.extras { display: flex; gap: 0.5rem; margin-top: 0.8rem; }
.extras button { flex: 1; min-width: 0; min-height: 2.4rem; padding: 0; font-size: 1rem; }
.keypad { display: grid; grid-template-columns: repeat(3, 1fr) 1.25fr; gap: 0.6rem; margin-top: 0.6rem; }
.key, .card {
  min-height: 3.2rem;
  border: 0;
  border-radius: 0.7rem;
  background: linear-gradient(#49515e, var(--key));
  color: #fff;
  font: inherit;
  font-size: 1.5rem;
  font-weight: 600;
  cursor: pointer;
  box-shadow: 0 0.25rem 0 #15181c, inset 0 1px 0 rgba(255, 255, 255, 0.18);
  touch-action: manipulation;
  user-select: none;
}
.cancel, .clear, .enter, .function { font-size: 1.25rem; }
.cancel { background: linear-gradient(#e5483d, #b9241b); }
.clear { background: linear-gradient(#f4c534, #d39d00); color: #2a2100; }
.enter { background: linear-gradient(#35b35c, #1b8140); grid-row: 3 / span 2; grid-column: 4; }
.function { background: linear-gradient(#5b7fb8, #3b5c92); }
.arrow { color: #c4ccd8; }
.card { background: none; border: 2px dashed #6f7a8a; box-shadow: none; color: #d5dbe4; }
.key:focus-visible, .card:focus-visible, #language:focus-visible { outline: 3px solid #9cc4ff; outline-offset: 2px; }
.key:active, .card:active {
  transform: translateY(0.2rem);
  box-shadow: 0 0.05rem 0 #15181c, 0 0 0 3px rgba(255, 255, 255, 0.75);
  filter: brightness(1.25);
}
.pressed { animation: press 0.16s ease-out; }
@keyframes press {
  0%, 60% { transform: translateY(0.2rem); box-shadow: 0 0.05rem 0 #15181c, 0 0 0 3px rgba(255, 255, 255, 0.75); filter: brightness(1.25); }
}
.help { margin: 0.8rem 0 0; color: #9aa4b2; font-size: 0.8rem; text-align: center; }

.printer { min-width: 22rem; max-width: 100%; padding-top: 2rem; }
.slot { height: 0.9rem; border-radius: 0.5rem; background: #0b0d10; border: 1px solid #454d59; box-shadow: inset 0 0.2rem 0.4rem #000; }
.paper {
  width: max-content;
  max-width: calc(100% - 1.6rem);
  margin: -0.35rem auto 0;
  padding: 1.4rem 1.2rem 1.6rem;
  background: linear-gradient(#e9e7df, #fffefa 2rem);
  color: #1d1d1b;
  font-family: ui-monospace, "Noto Sans Mono CJK SC", "WenQuanYi Zen Hei Mono", monospace;
  font-size: 1.05rem;
  line-height: 1.4;
  overflow-x: auto;
  box-shadow: 0 0.8rem 1.6rem rgba(0, 0, 0, 0.5);
  clip-path: polygon(0 0, 100% 0, 100% calc(100% - 6px), 97.5% 100%, 95% calc(100% - 6px), 92.5% 100%, 90% calc(100% - 6px), 87.5% 100%, 85% calc(100% - 6px), 82.5% 100%, 80% calc(100% - 6px), 77.5% 100%, 75% calc(100% - 6px), 72.5% 100%, 70% calc(100% - 6px), 67.5% 100%, 65% calc(100% - 6px), 62.5% 100%, 60% calc(100% - 6px), 57.5% 100%, 55% calc(100% - 6px), 52.5% 100%, 50% calc(100% - 6px), 47.5% 100%, 45% calc(100% - 6px), 42.5% 100%, 40% calc(100% - 6px), 37.5% 100%, 35% calc(100% - 6px), 32.5% 100%, 30% calc(100% - 6px), 27.5% 100%, 25% calc(100% - 6px), 22.5% 100%, 20% calc(100% - 6px), 17.5% 100%, 15% calc(100% - 6px), 12.5% 100%, 10% calc(100% - 6px), 7.5% 100%, 5% calc(100% - 6px), 2.5% 100%, 0 calc(100% - 6px));
}
.paper.fresh { animation: feed 0.6s ease-out; }
@keyframes feed { from { transform: translateY(-1.5rem); opacity: 0.2; } }
@media (max-width: 640px) {
  :root { --cell: calc((100vw - 4.6rem) / 20); }
  main { padding: 0.5rem 0.4rem; gap: 1rem; }
  .device { width: 100%; padding: 0.8rem; border-radius: 1.1rem; }
  .glass { padding: 0.5rem; }
  .help { display: none; }
  .printer { min-width: 0; width: 100%; padding-top: 0; }
  .printer .help { display: block; }
}
/* Alone in a frame: as high as the frame, the display in proportion, the keys take the rest. */
[data-part="device"] {
  --cell: min(calc((100vw - 3.4rem) / 20), calc(42vh / 18));
}
[data-part="device"] :is(.printer, #language, .help) { display: none; }
[data-part="device"] main { padding: 0; }
[data-part="device"] .device {
  display: flex;
  flex-direction: column;
  width: 100%;
  height: 100vh;
  padding: 0.6rem 0.7rem 0.7rem;
  border-radius: 1.1rem;
  box-shadow: inset 0 1px 0 rgba(255, 255, 255, 0.12);
}
[data-part="device"] header { margin-bottom: 0.3rem; }
[data-part="device"] .glass { padding: 0.45rem; }
[data-part="device"] .extras { margin-top: 0.5rem; }
[data-part="device"] .keypad { flex: 1; min-height: 0; grid-auto-rows: 1fr; gap: 0.5rem; margin-top: 0.5rem; }
[data-part="device"] .key { min-height: 0; }
[data-part="device"] .extras .key { min-height: 1.9rem; }
@media (prefers-reduced-motion: reduce) { .paper.fresh { animation: none; } }
`;
