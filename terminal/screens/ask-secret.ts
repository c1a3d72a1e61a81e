import type { Key } from '../../drivers/devices.ts';
import { supervisorNo } from '../users/user.ts';
import { editDigits } from './digits.ts';
import { beep, go, type Moment, type Next, operationMs, refusalText, run, wrongKey } from './go.ts';
import { secretDigits } from './log-on.ts';
import { type Look, page } from './look.ts';
import { pair, type Screen } from './screen.ts';
import type { AskSecret, Place, Refusal } from './state.ts';
import { type Say, say, wordsOf } from './texts.ts';

/**
 * A page that asks for a secret before a command runs: 主管密码 for void, refund and what else payments.md says. `command` is the command without its
 * secret, `during` the place while it runs (it gets the command's number), 取消 leads to `back`. When the command fails, `secretRefused` asks again.
 */
export const askSupervisor = (
  moment: Moment,
  ask: Pick<AskSecret, 'title' | 'lines' | 'command' | 'during' | 'back'>,
): AskSecret => ({
  is: 'ask-secret',
  operator: supervisorNo,
  secret: '',
  notice: undefined,
  expiresMs: moment.now + operationMs,
  ...ask,
});

export function keyAtSecret(at: AskSecret, key: Key, moment: Moment): Next {
  if (key === 'cancel') return go(at.back);
  const digits = secretDigits(at.operator);
  if (key === 'enter') {
    if (at.secret.length !== digits)
      return go({ ...at, notice: say('notice.secretDigits', { digits }) }, beep('wrong'));
    return run(runningPlace(at, moment), moment.id, { ...at.command, secret: at.secret });
  }
  const edited = editDigits(at.secret, key, digits);
  return typeof edited === 'string' ? wrongKey(at) : go({ ...at, secret: edited.digits, notice: undefined });
}

/** What waits without steps comes back here, for a secret that was wrong. */
function runningPlace(at: AskSecret, { id }: Moment): Place {
  const place = { ...at.during, id };
  return place.is === 'waiting' ? { ...place, back: { ...at, secret: '' } } : place;
}

const again = new Set(['SECRET_WRONG', 'OPERATOR_LOCKED']);

/** The page again, in place, when it was the secret that was refused; undefined for anything else. */
export function secretRefused(at: AskSecret, refusal: Refusal, moment: Moment): Next | undefined {
  if (refusal.code === undefined || !again.has(refusal.code)) return undefined;
  const expiresMs = moment.now + operationMs;
  return go({ ...at, secret: '', notice: refusalText(refusal), expiresMs }, beep('error'));
}

export function viewSecret(at: AskSecret, look: Look): Screen {
  const label = wordsOf(look.language, at.operator === supervisorNo ? 'label.supervisor' : 'label.secret');
  const typed = '*'.repeat(at.secret.length).padEnd(secretDigits(at.operator), '_');
  const body: (string | Say)[] = [...at.lines, pair(label, typed), ...(at.notice ? [at.notice] : [])];
  return page(look, { title: at.title, body, keys: 'keys.input' });
}
