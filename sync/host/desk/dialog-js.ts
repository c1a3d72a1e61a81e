/** Asks the reviewer for what a command needs, and sends it. */
export const dialogJs = `'use strict';
let csrf = '';

/** What the page asks by itself keeps nobody logged in. */
async function call(method, path, body, isByItself = false) {
  const response = await fetch('api/' + path, {
    method,
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf, ...(isByItself && { 'X-Background': '1' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

const lostHost = { zh: '与主机断开', en: 'lost the host' };
const readable = ({ zh, en, field }) => say(zh + (field ? ': ' + field : ''), en + (field ? ': ' + field : ''));

let sayingTimer = 0;
function told(isBad, part) {
  const said = byId('said');
  said.className = isBad ? 'bad' : '';
  said.replaceChildren(part);
  clearTimeout(sayingTimer);
  sayingTimer = setTimeout(() => said.replaceChildren(), 6000);
}

/** Sends a command; resolves to the refusal, or undefined when it was done. */
async function send(order) {
  const { status, body } = await call('POST', 'command', order);
  if (status === 401) showDoor();
  refresh();
  if (status === 200) return told(false, say('已完成', 'done'));
  return body;
}

async function act(order) {
  const refused = await send(order).catch(() => lostHost);
  if (refused) told(true, readable(refused));
}

// A select can not hide half of an option, so its words are those of the language that is chosen.
function fieldOf({ name, zh, en, kind = 'text', options, value = '', required = true, ...rest }) {
  const made = element(kind === 'select' ? 'select' : kind === 'area' ? 'textarea' : 'input');
  if (kind === 'select') for (const option of options) {
    const [word, ...words] = Array.isArray(option) ? option : [option, ...(codes[option] ?? [option, option])];
    const one = element('option', '', root.lang === 'en' ? words[1] : words[0]);
    one.value = word;
    made.append(one);
  }
  else if (kind !== 'area') made.type = kind;
  made.name = name;
  made.required = required;
  made.value = value;
  for (const [key, text] of Object.entries(rest)) made.setAttribute(key, text);
  return element('label', '', say(zh, en), made);
}

const valuesOf = (box) => Object.fromEntries([...box.querySelectorAll('input, select, textarea')].map((field) => [field.name, field.value.trim()]));

/** A dialog: fields, and the command that is made of them. It stays open while the host refuses. */
function ask({ zh, en, hint, fields = [] }, toOrder) {
  const dialog = byId('ask');
  byId('ask-title').replaceChildren(say(zh, en));
  byId('ask-hint').replaceChildren(...(hint ? [hint] : []));
  byId('ask-fields').replaceChildren(...fields.map(fieldOf));
  byId('ask-refused').replaceChildren();
  byId('ask-ok').onclick = null;
  dialog.querySelector('form').onsubmit = async (event) => {
    event.preventDefault();
    byId('ask-ok').disabled = true;
    const refused = await send(toOrder(valuesOf(byId('ask-fields')))).catch(() => lostHost);
    byId('ask-ok').disabled = false;
    if (refused) byId('ask-refused').replaceChildren(readable(refused));
    else dialog.close();
  };
  dialog.showModal();
}
byId('ask-cancel').addEventListener('click', () => byId('ask').close());
`;
