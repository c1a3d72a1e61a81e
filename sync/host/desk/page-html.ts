/** Both languages are in the page; the one that is not chosen is hidden. */
const words = (zh: string, en: string): string =>
  `<span class="zh" lang="zh">${zh}</span><span class="en" lang="en">${en}</span>`;

export const iconSvg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1d4f91"/><path d="M8 9h16M8 16h16M8 23h9" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>';

export const deskHtml = (language: 'zh' | 'en'): string => `<!doctype html>
<html lang="${language}" data-language="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>账平 审核台</title>
<link rel="icon" href="icon.svg">
<link rel="stylesheet" href="desk.css">
<script src="elements.js" defer></script>
<script src="dialog.js" defer></script>
<script src="money-views.js" defer></script>
<script src="risk-views.js" defer></script>
<script src="other-views.js" defer></script>
<script src="desk.js" defer></script>
</head>
<body>
<header>
  <strong>账平 ${words('审核台', 'Reviewer’s desk')}</strong>
  <span id="merchant"></span>
  <span id="lost" class="pill bad" hidden>${words('与主机断开', 'Lost the host')}</span>
  <span class="space"></span>
  <span id="reviewer"></span>
  <button type="button" id="language">${words('English', '中文')}</button>
  <button type="button" id="log-out" hidden>${words('退出', 'Log out')}</button>
</header>
<main id="door" hidden>
  <form id="log-in" class="card">
    <h1>${words('登录', 'Log in')}</h1>
    <label>${words('用户名', 'Name')}<input id="login" autocomplete="username" required maxlength="40" autocapitalize="none" spellcheck="false"></label>
    <label>${words('密码', 'Secret')}<input id="secret" type="password" autocomplete="current-password" required maxlength="200"></label>
    <button type="submit" class="strong">${words('登录', 'Log in')}</button>
    <p class="bad" id="refused" role="alert"></p>
    <p class="hint">${words('连续五次错误，锁定十五分钟', 'Five wrong secrets lock for a quarter of an hour')}</p>
  </form>
</main>
<div id="room" hidden>
  <nav id="views" aria-label="审核事项 views"></nav>
  <main>
    <div class="head"><h1 id="title"></h1><div id="acts"></div></div>
    <p class="hint" id="hint"></p>
    <p class="bad" id="trouble" role="alert"></p>
    <div id="form"></div>
    <div id="rows" tabindex="-1"></div>
  </main>
</div>
<p id="said" role="status" aria-live="polite"></p>
<dialog id="ask"><form method="dialog"><h2 id="ask-title"></h2><p class="hint" id="ask-hint"></p><div id="ask-fields"></div>
<p class="bad" id="ask-refused" role="alert"></p>
<div class="buttons"><button type="button" id="ask-cancel">${words('取消', 'Cancel')}</button><button type="submit" id="ask-ok" class="strong">${words('确定', 'OK')}</button></div></form></dialog>
</body>
</html>
`;
