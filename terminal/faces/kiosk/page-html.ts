import type { Language } from '../../base/errors.ts';

/** A key of the page: what it sends, its words in both languages, the key of the keyboard, and its look. */
const keypad: readonly { key: string; zh: string; en?: string; look?: string }[] = [
  { key: '1', zh: '1' },
  { key: '2', zh: '2' },
  { key: '3', zh: '3' },
  { key: 'cancel', zh: '取消', en: 'Cancel', look: 'cancel' },
  { key: '4', zh: '4' },
  { key: '5', zh: '5' },
  { key: '6', zh: '6' },
  { key: 'clear', zh: '清除', en: 'Clear', look: 'clear' },
  { key: '7', zh: '7' },
  { key: '8', zh: '8' },
  { key: '9', zh: '9' },
  { key: 'enter', zh: '确认', en: 'Enter', look: 'enter' },
  { key: 'doubleZero', zh: '00' },
  { key: '0', zh: '0' },
  { key: 'function', zh: '功能', en: 'Fn', look: 'function' },
];

/** Above the digits, as on a real keypad. */
const arrows: typeof keypad = [
  { key: 'up', zh: '▲', en: '▲', look: 'arrow' },
  { key: 'down', zh: '▼', en: '▼', look: 'arrow' },
];

const cards = [
  { card: 'contactless', zh: '挥卡', en: 'Tap' },
  { card: 'swipe', zh: '刷卡', en: 'Swipe' },
  { card: 'insert', zh: '插卡', en: 'Insert' },
];

const words = (zh: string, en: string): string =>
  `<span class="zh" lang="zh">${zh}</span><span class="en" lang="en">${en}</span>`;

const keyButton = ({ key, zh, en = zh, look = 'digit' }: (typeof keypad)[number]): string =>
  `<button type="button" class="key ${look}" data-key="${key}">${words(zh, en)}</button>`;

const cardButton = ({ card, zh, en }: (typeof cards)[number]): string =>
  `<button type="button" class="card" data-card="${card}">${words(zh, en)}</button>`;

const pinButton = `<button type="button" class="card" id="pin">${words('密码', 'PIN')}</button>`;

/**
 * The page of the keypad screen. `cards`, `pin`: buttons that do what the customer does at simulated devices. `alone`: nothing but the device, as
 * large as the frame that it is in, for the bench has its own customer, paper and choice of language.
 */
export const kioskHtml = (options: {
  readonly cards: boolean;
  readonly pin: boolean;
  readonly language: Language;
  readonly alone: boolean;
}): string => `<!doctype html>
<html lang="${options.language}" data-language="${options.language}"${options.alone ? ' data-part="device"' : ''}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>账平</title>
<link rel="icon" href="icon.svg">
<link rel="stylesheet" href="kiosk.css">
<script src="kiosk.js" defer></script>
</head>
<body>
<main>
  <section class="device">
    <header>
      <span class="brand">账平</span>
      <span class="link" id="link">${words('连接中断', 'Disconnected')}</span>
      <button type="button" id="language">${words('English', '中文')}</button>
    </header>
    <div class="glass"><div id="screen" role="log" aria-live="polite"></div></div>
    <div class="extras">${[
      ...arrows.map(keyButton),
      ...(options.cards ? cards.map(cardButton) : []),
      ...(options.pin ? [pinButton] : []),
    ].join('')}</div>
    <div class="keypad">${keypad.map(keyButton).join('')}</div>
    <p class="help">${words(
      '键盘: 数字 · Enter 确认 · Esc 取消 · 退格 清除 · z 00 · f 功能 · 方向键',
      'Keyboard: 0-9 · Enter · Esc cancel · Backspace clear · z 00 · f Fn',
    )}</p>
  </section>
  <section class="printer">
    <div class="slot"></div>
    <pre id="slip" class="paper" hidden></pre>
    <p class="help" id="no-slip">${words('签购单打印在这里', 'Slips are printed here')}</p>
  </section>
</main>
</body>
</html>
`;

/** Two equal bars: the books balance. A browser asks for it by itself, and a page without one is a failed request in its console. */
export const iconSvg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3.5" fill="#2b313a"/><path d="M3.5 6h9M3.5 10h9" stroke="#35b35c" stroke-width="2.4" stroke-linecap="round"/></svg>';
