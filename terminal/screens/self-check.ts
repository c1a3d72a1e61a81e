import type { Key } from '../../drivers/devices.ts';
import type { Check } from '../flows/self-check-line.ts';
import { beep, go, type Moment, menu, type Next, operationMs, wrongKey } from './go.ts';
import { type Look, page } from './look.ts';
import { type Screen, wrap } from './screen.ts';
import type { SelfCheck } from './state.ts';
import { say } from './texts.ts';

/** 自检 (B-045): one line after the other, what is wrong first, with what to do and whom to call. */

const order: readonly Check['state'][] = ['failed', 'warn', 'unknown', 'ok'];

export function showChecks(checks: readonly Check[], moment: Moment): Next {
  const rows = checks.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const at: SelfCheck = { is: 'self-check', rows, index: 0, expiresMs: moment.now + operationMs };
  return go(at, beep(rows.some(({ ok }) => !ok) ? 'error' : 'ok'));
}

export function keyInChecks(at: SelfCheck, key: Key, moment: Moment): Next {
  const count = at.rows.length;
  switch (key) {
    case 'cancel':
      return go(menu(moment, 'other'));
    case 'down':
    case 'enter':
      return go({ ...at, index: (at.index + 1) % count });
    case 'up':
      return go({ ...at, index: (at.index + count - 1) % count });
    default:
      return wrongKey(at);
  }
}

export function viewChecks(at: SelfCheck, look: Look): Screen {
  const check = at.rows[at.index];
  const failed = at.rows.filter(({ ok }) => !ok).length;
  const hotline = check?.hotline === undefined ? [] : [say('help.hotline', { hotline: check.hotline })];
  return page(look, {
    title: say('selfCheck.head', { index: at.index + 1, count: at.rows.length }),
    body: [
      failed === 0 ? say('selfCheck.fine') : say('selfCheck.failed', { count: failed }),
      ...(check ? wrap(check[look.language]).slice(0, 3) : []),
      ...(check?.detail === undefined ? [] : wrap(check.detail).slice(0, 1)),
      ...hotline,
    ],
    keys: 'keys.browse',
  });
}
