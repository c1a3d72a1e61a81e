import * as v from 'valibot';
import { type ErrorCode, errorTable } from '../base/error-table.ts';
import { type Details, errorText, type Language } from '../base/errors.ts';
import { type ExitStatus, exitStatus } from './failure.ts';
import type { Run } from './run.ts';
import { type ApplicationAnswer, applicationResult, type ModeAnswer } from './settlement-contract.ts';

/** What was applied for upstream, in words. */

type Words = Readonly<Record<string, { readonly zh: string; readonly en: string }>>;

const kinds: Words = {
  account: { zh: '结算账户', en: 'Settlement account' },
  mode: { zh: '结算方式', en: 'Settlement mode' },
  profile: { zh: '商户资料', en: 'Merchant information' },
  user: { zh: '用户', en: 'User' },
  'paper-statement': { zh: '纸质对账单', en: 'Paper statement' },
};
const states: Words = {
  SENT: { zh: '等待上游', en: 'waiting for upstream' },
  ACCEPTED: { zh: '上游已受理', en: 'accepted upstream' },
  DONE: { zh: '已生效', en: 'in force' },
  REFUSED: { zh: '上游拒绝', en: 'refused upstream' },
};
const stages: Words = {
  REQUESTED: { zh: '已登记', en: 'registered' },
  PRINTED: { zh: '已打印', en: 'printed' },
  MAILED: { zh: '已寄出', en: 'mailed' },
};

/** Says how the application stands; one that upstream has not answered is told of, and goes on by itself. */
export async function showApplication(run: Run, raw: unknown): Promise<ExitStatus> {
  const { application } = v.parse(applicationResult, raw);
  await run.show(raw, () => applicationText(application, run.language));
  if (application.state === 'SENT')
    run.note('答复到了会生效，请看 pos settle status', 'It takes effect when the answer comes; see pos settle status');
  if (application.state === 'REFUSED') return exitStatus.declined;
  return application.state === 'SENT' ? exitStatus.unknown : exitStatus.ok;
}

/** `结算方式 MANUAL: 已生效`. */
export function applicationText({ kind, about, state, stage, reason, remark }: ApplicationAnswer, language: Language) {
  const word = (words: Words, code: string) => words[code]?.[language] ?? code;
  const how = [
    kind === 'paper-statement' && stage !== undefined ? word(stages, stage) : word(states, state),
    reason === undefined ? '' : reasonText(reason, language),
    remark ?? '',
  ];
  return `${word(kinds, kind)} ${aboutText(kind, about, language)}: ${how.filter(Boolean).join(language === 'zh' ? '，' : ', ')}`;
}

const fields: Words = {
  email: { zh: '邮箱', en: 'e-mail' },
  mobile: { zh: '手机', en: 'mobile' },
  address: { zh: '地址', en: 'address' },
  contact: { zh: '联系人', en: 'contact' },
  agreement: { zh: '协议', en: 'agreement' },
  remindFromFen: { zh: '余额提醒', en: 'reminder' },
};

/** What the book notes in short: `AUTO WEEKLY:3`, `email remindFromFen`. */
function aboutText(kind: string, about: string, language: Language): string {
  const parts = about.split(' ');
  if (kind === 'profile')
    return parts.map((field) => fields[field]?.[language] ?? field).join(language === 'zh' ? '、' : ', ');
  if (kind !== 'mode') return about;
  const [mode = '', cycle = ''] = parts;
  const [every = '', n] = cycle.split(':');
  return modeText({ mode, cycle: { every, weekday: Number(n), monthDay: Number(n) } }, language);
}

/** The words of a code of the catalogue; another reason as it is. */
export const reasonText = (reason: string, language: Language, details: Details = {}): string =>
  isCode(reason) ? errorText(reason, details, language) : reason;

const isCode = (reason: string): reason is ErrorCode => Object.hasOwn(errorTable, reason);

const weekdays = {
  zh: ['一', '二', '三', '四', '五', '六', '日'],
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
} as const;
const modes: Words = {
  AUTO: { zh: '自动', en: 'automatic' },
  MANUAL: { zh: '手动', en: 'by hand' },
  REALTIME: { zh: '实时', en: 'in real time' },
};

/** A mode of settlement; an unknown one as it is. */
export const modeName = (mode: string, language: Language): string => modes[mode]?.[language] ?? mode;

/** `自动，每周三`. */
export function modeText({ mode, cycle }: ModeAnswer, language: Language): string {
  const name = modeName(mode, language);
  return mode === 'AUTO' ? `${name}${language === 'zh' ? '，' : ', '}${cycleText(cycle, language)}` : name;
}

function cycleText({ every, weekday = 1, monthDay = 1 }: ModeAnswer['cycle'], language: Language): string {
  const isZh = language === 'zh';
  if (every === 'WEEKLY') return isZh ? `每周${weekdays.zh[weekday - 1]}` : `each ${weekdays.en[weekday - 1]}`;
  if (every === 'MONTHLY') return isZh ? `每月 ${monthDay} 日` : `day ${monthDay} of each month`;
  return isZh ? '每个工作日' : 'each business day';
}
