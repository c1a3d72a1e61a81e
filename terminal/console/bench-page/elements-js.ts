/** How the page makes its elements, with words in both languages. */
export const elementsJs = `'use strict';
const root = document.documentElement;
const byId = (id) => document.getElementById(id);

function element(name, className, ...parts) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...parts);
  return made;
}

function button(label, act, className) {
  const made = element('button', className, label);
  made.type = 'button';
  made.addEventListener('click', act);
  return made;
}

function say(zh, en) {
  const one = (language, text) => {
    const made = element('span', language, text);
    made.lang = language;
    return made;
  };
  return element('span', '', one('zh', zh), one('en', en));
}

// What did not change stays as it is: a button must not go away while it is being pressed.
function redraw(box, facts, parts) {
  const drawn = JSON.stringify(facts);
  if (box.dataset.drawn === drawn) return;
  box.dataset.drawn = drawn;
  box.replaceChildren(...parts());
}
`;
