/** The page itself: the door, the list of views, the view that is open, looked at again every few seconds. */
export const deskJs = `'use strict';
const everyMs = 4000;
const order = ['settlements', 'refunds', 'batches', 'risk', 'accounts', 'applications', 'tickets', 'bills', 'differences', 'mirror', 'rows', 'letters', 'parameters', 'users'];
const views = order.map((name) => [...moneyViews, ...riskViews, ...otherViews].find((view) => view.name === name));
let desk = { terminals: [], waits: {} };
let reviewer = { login: '', name: '' };
let chosen = views[0];

function showDoor() {
  csrf = '';
  byId('door').hidden = false;
  byId('room').hidden = byId('log-out').hidden = true;
  byId('reviewer').textContent = byId('merchant').textContent = '';
  if (byId('ask').open) byId('ask').close();
}

function enter(session) {
  reviewer = session;
  csrf = session.csrf;
  byId('door').hidden = true;
  byId('room').hidden = byId('log-out').hidden = false;
  byId('reviewer').textContent = session.name + ' (' + session.login + ')';
  byId('secret').value = '';
  choose();
}

function choose() {
  chosen = views.find(({ name }) => '#' + name === location.hash) ?? views[0];
  byId('title').replaceChildren(say(chosen.zh, chosen.en));
  byId('hint').replaceChildren(...(chosen.hint ? [say(...chosen.hint)] : []));
  byId('acts').replaceChildren(...(chosen.top ? [chosen.top()].flat() : []), ...(chosen.find ? [findField()] : []));
  for (const id of ['form', 'rows', 'trouble']) { byId(id).replaceChildren(); delete byId(id).dataset.drawn; }
  byId('rows').append(element('p', 'none', say('正在读取', 'reading')));
  drawViews();
  refresh();
}

function findField() {
  const field = element('input');
  field.type = 'search';
  field.id = 'find';
  field.setAttribute('aria-label', '查找 find');
  field.placeholder = root.lang === 'en' ? 'find' : '查找';
  field.addEventListener('input', find);
  return field;
}

function find() {
  const wanted = (byId('find')?.value ?? '').trim().toLowerCase();
  for (const row of byId('rows').querySelectorAll('tbody tr')) row.hidden = !row.textContent.toLowerCase().includes(wanted);
}

function drawViews() {
  redraw(byId('views'), [chosen.name, desk.waits], () => views.map((view) => {
    const waits = desk.waits[view.name] ?? 0;
    const made = button(say(view.zh, view.en), () => { location.hash = view.name; });
    if (waits > 0) made.append(element('span', 'count', String(waits)));
    made.dataset.view = view.name;
    if (view === chosen) made.setAttribute('aria-current', 'page');
    return made;
  }));
}

function drawRows(rows) {
  redraw(byId('rows'), [chosen.name, rows, reviewer.login], () => rows.length === 0
    ? [element('p', 'none', say('没有记录', 'nothing here'))]
    : [element('table', '', headOf(chosen), element('tbody', '', ...rows.map((row) => rowOf(chosen, row))))]);
  find();
}

const headOf = ({ columns }) => element('thead', '', element('tr', '', ...columns.map(({ zh, en, look }) => element('th', look ?? '', say(zh, en))), element('th')));

function rowOf({ columns, acts }, row) {
  const cells = columns.map(({ zh, en, of, look }) => {
    const label = element('span', 'label', say(zh, en));
    const parts = of(row);
    return element('td', look ?? '', label, element('div', '', ...(Array.isArray(parts) ? parts : [parts])));
  });
  return element('tr', row.waits ? 'waits' : '', ...cells, element('td', 'do', ...acts(row)));
}

let looking = 0;
async function refresh(isByItself = false) {
  const turn = ++looking;
  if (csrf === '') return;
  try {
    const view = chosen;
    const [overview, rows] = await Promise.all(['overview', view.name].map((name) => call('GET', 'view/' + name, undefined, isByItself)));
    byId('lost').hidden = true;
    if (overview.status === 401) return showDoor();
    if (turn !== looking || view !== chosen) return;
    const refused = [overview, rows].find(({ status }) => status !== 200);
    if (refused) return showTrouble(refused.body);
    byId('trouble').replaceChildren();
    desk = overview.body;
    byId('merchant').textContent = desk.name + ' ' + desk.merchant;
    drawViews();
    if (chosen.form) redraw(byId('form'), [chosen.name, desk.terminals], () => [chosen.form()]);
    drawRows(rows.body.rows);
  } catch {
    byId('lost').hidden = false;
    if (turn === looking) showTrouble(lostHost);
  }
}

/** What was read before stays. */
function showTrouble(refused) {
  byId('trouble').replaceChildren(readable(refused));
  if (!byId('rows').dataset.drawn) byId('rows').replaceChildren();
}

byId('log-in').addEventListener('submit', async (event) => {
  event.preventDefault();
  byId('refused').replaceChildren(say('正在登录', 'logging in'));
  const { status, body } = await call('POST', 'log-in', { login: byId('login').value.trim(), secret: byId('secret').value }).catch(() => ({ status: 0, body: lostHost }));
  byId('refused').replaceChildren(...(status === 200 ? [] : [readable(body)]));
  if (status === 200) enter(body);
});
byId('log-out').addEventListener('click', () => call('POST', 'log-out', {}).then(showDoor, () => told(true, readable(lostHost))));
byId('language').addEventListener('click', () => {
  root.lang = root.dataset.language = root.lang === 'en' ? 'zh' : 'en';
  document.title = root.lang === 'en' ? 'Zhangping reviewer’s desk' : '账平 审核台';
  if (csrf !== '') choose();
});
window.addEventListener('hashchange', () => { if (csrf !== '') choose(); });
document.title = root.lang === 'en' ? 'Zhangping reviewer’s desk' : '账平 审核台';
setInterval(() => refresh(true), everyMs);
call('GET', 'session').then(
  ({ status, body }) => status === 200 ? enter(body) : showDoor(),
  () => { showDoor(); byId('refused').replaceChildren(readable(lostHost)); });
`;
