import type { Language } from '../../base/errors.ts';

/** Both languages are in the page; the one that is not chosen is hidden. */
const words = (zh: string, en: string): string =>
  `<span class="zh" lang="zh">${zh}</span><span class="en" lang="en">${en}</span>`;

/** A select cannot hide half of an option, so page-js.ts writes the text of the language that is chosen. */
const option = (value: string, zh: string, en: string): string =>
  `<option value="${value}" data-zh="${zh}" data-en="${en}">${zh}</option>`;

/** What the tester says of the faults that are armed next. */
const orderField = (id: string, zh: string, en: string, byDefault: string): string =>
  `<label>${words(zh, en)}<input id="${id}" inputmode="decimal" autocomplete="off" placeholder="${byDefault}"></label>`;

/** The tester's bench. The terminal itself is the kiosk page in a frame, so that there is one drawing of it. */
export const benchHtml = (language: Language): string => `<!doctype html>
<html lang="${language}" data-language="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>账平 测试台</title>
<link rel="icon" href="../icon.svg">
<link rel="stylesheet" href="bench.css">
<script src="elements.js" defer></script>
<script src="paper.js" defer></script>
<script src="wire.js" defer></script>
<script src="faults.js" defer></script>
<script src="bench.js" defer></script>
</head>
<body>
<header>
  <strong>账平 ${words('测试台', 'Test bench')}</strong>
  <span class="mark">${words('[模拟]', '[SIMULATED]')}</span>
  <span id="terminal-no"></span>
  <span id="link-state" class="pill"></span>
  <span id="lost" class="pill bad" hidden>${words('与终端断开', 'Lost the terminal')}</span>
  <span id="said" role="status" aria-live="polite"></span>
  <button type="button" id="recording" hidden>${words('下载录制', 'Get the recording')}</button>
  <button type="button" id="record" aria-pressed="false">${words('录制', 'Record')}</button>
  <button type="button" id="reset" class="strong">${words('全部恢复', 'Mend everything')}</button>
  <button type="button" id="language">${words('English', '中文')}</button>
</header>
<main>
  <section id="terminal"><iframe id="face" title="终端 terminal" src="../?part=device&amp;lang=${language}"></iframe></section>
  <section id="customer">
    <h2>${words('顾客', 'Customer')}</h2>
    <div class="vfd" aria-label="顾客显示屏 customer display"><pre id="upper"></pre><pre id="lower"></pre></div>
    <h3>${words('卡片', 'Cards')}</h3>
    <div id="cards" role="radiogroup" aria-label="卡片 cards"></div>
    <div class="ways">
      <button type="button" data-by="contactless">${words('挥', 'Tap')}</button>
      <button type="button" data-by="swipe">${words('刷', 'Swipe')}</button>
      <button type="button" data-by="insert">${words('插', 'Insert')}</button>
      <button type="button" id="take-away">${words('拿走', 'Remove')}</button>
    </div>
    <h3>${words('密码', 'PIN')}</h3>
    <form id="pin">
      <input id="digits" inputmode="numeric" autocomplete="off" pattern="[0-9]{4,12}" maxlength="12" required value="123456" aria-label="密码 PIN">
      <button type="submit">${words('输入', 'Enter')}</button>
      <button type="button" id="pin-cancel">${words('取消', 'Cancel')}</button>
    </form>
    <h3>${words('条码', 'Codes')}</h3>
    <form id="code">
      <select id="codes" aria-label="条码 codes"></select>
      <input id="code-text" autocomplete="off" maxlength="2048" aria-label="条码内容 code" hidden>
      <button type="submit">${words('扫', 'Scan')}</button>
    </form>
    <div class="ways" aria-label="收款码 our code">
      <button type="button" data-customer="pays">${words('扫收款码付款', 'Pay our code')}</button>
      <button type="button" data-customer="leaves">${words('不付走开', 'Walk away')}</button>
    </div>
  </section>
  <section id="faults">
    <h2>${words('设备与故障', 'Devices and faults')}</h2>
    <div id="devices" role="tablist"></div>
    <div id="about"></div>
    <div id="order">
      ${orderField('times', '次数', 'Times', '∞')}
      ${orderField('probability', '概率', 'Chance', '1')}
      ${orderField('value', '数值', 'Value', '—')}
      <label>${words('查找', 'Find')}<input id="find" type="search" autocomplete="off"></label>
    </div>
    <div id="list"></div>
  </section>
  <section id="printer">
    <h2>${words('打印机', 'Printer')}</h2>
    <div class="slot"></div>
    <div id="paper"><div id="hanging"></div></div>
    <p class="hint" id="no-slip">${words('签购单打印在这里', 'Slips are printed here')}</p>
  </section>
  <section id="wire">
    <h2>${words('通讯记录', 'Wire log')}
      <select id="wire-device" aria-label="设备 device">${option('', '全部设备', 'all devices')}</select>
      <button type="button" id="wire-pause" aria-pressed="false">${words('暂停', 'Pause')}</button>
      <button type="button" id="wire-clear">${words('清空', 'Clear')}</button>
      <span class="hint">${words('▶ 发往设备 ◀ 来自设备 · 卡号、密码、付款码已遮盖', '▶ to the device ◀ from it · card numbers, PINs and codes are masked')}</span>
    </h2>
    <div id="wire-box" tabindex="0"><table><tbody id="wire-rows"></tbody></table></div>
  </section>
</main>
</body>
</html>
`;
