import type { Key } from '../../drivers/devices.ts';
import { editDigits } from './digits.ts';
import { beep, go, logOn, type Moment, type Next, operationMs, refusalText, run, wrongKey } from './go.ts';
import { type Look, page } from './look.ts';
import { pair, type Screen } from './screen.ts';
import type { LogOn, Refusal } from './state.ts';
import { type Say, say, wordsOf } from './texts.ts';

const operatorDigits = 2;

/** 主管 six, 系统管理员 eight, an operator four (faces.md). */
export const secretDigits = (operator: string): number => (operator === '00' ? 6 : operator === '99' ? 8 : 4);

export function keyAtLogOn(at: LogOn, key: Key, moment: Moment): Next {
  const asking: LogOn = { ...at, notice: undefined, expiresMs: moment.now + operationMs };
  if (key === 'cancel') return go(emptyLogOn(at));
  if (key === 'enter') return at.field === 'operator' ? enterOperator(asking) : enterSecret(asking, moment);
  const most = at.field === 'operator' ? operatorDigits : secretDigits(at.operator);
  const edited = editDigits(at[at.field], key, most);
  return typeof edited === 'string' ? wrongKey(at) : go({ ...asking, [at.field]: edited.digits });
}

/** A locked terminal stays locked, whoever is asked for: its operator or 00. */
export const emptyLogOn = (at: LogOn): LogOn => ({ ...logOn(), locked: at.locked });

const complain = (at: LogOn, notice: Say): Next => go({ ...at, notice }, beep('wrong'));

function enterOperator(at: LogOn): Next {
  if (at.operator.length !== operatorDigits) return complain(at, say('notice.operatorDigits'));
  return go({ ...at, field: 'secret', secret: '' });
}

function enterSecret(at: LogOn, moment: Moment): Next {
  const { operator, secret } = at;
  const digits = secretDigits(operator);
  if (secret.length !== digits) return complain(at, say('notice.secretDigits', { digits }));
  const back: LogOn = { ...at, secret: '' };
  return run({ is: 'waiting', id: moment.id, what: { is: 'log-on', secret }, back }, moment.id, {
    is: 'log-on',
    operator,
    secret,
  });
}

/** A wrong secret is asked for again in place. */
export const logOnRefused = (back: LogOn, refusal: Refusal, moment: Moment): Next =>
  go({ ...back, secret: '', notice: refusalText(refusal), expiresMs: moment.now + operationMs }, beep('error'));

export function viewLogOn(at: LogOn, look: Look): Screen {
  const label = (key: 'label.operator' | 'label.secret') => wordsOf(look.language, key);
  const body: (string | Say)[] = [
    pair(label('label.operator'), at.operator.padEnd(operatorDigits, '_')),
    at.field === 'secret'
      ? pair(label('label.secret'), '*'.repeat(at.secret.length).padEnd(secretDigits(at.operator), '_'))
      : '',
  ];
  if (at.notice) body.push(at.notice);
  else if (look.status.simulated) body.push('', '', say('logOn.secrets1'), say('logOn.secrets2'));
  return page(look, { title: say(at.locked ? 'title.locked' : 'title.logOn'), body, keys: 'keys.input' });
}
