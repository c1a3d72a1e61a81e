import * as v from 'valibot';
import type { Language } from '../base/errors.ts';
import { deviceAdvice } from '../flows/device-advice.ts';
import { type BatchAnswer, batchAnswer, doctorAnswer, type StatusAnswer, statusAnswer } from './contract.ts';
import { type ExitStatus, exitStatus } from './failure.ts';
import type { Run } from './run.ts';
import { pairs } from './table.ts';
import { ageText, counted, stateText } from './words.ts';

/** `pos status`: the terminal at a glance. */
export async function showStatus(run: Run): Promise<ExitStatus> {
  const raw = await run.client.get('/status');
  const status = v.parse(statusAnswer, raw);
  await run.show(raw, () => pairs(statusRows(status, run.language, run.shell.clock.now())));
  return exitStatus.ok;
}

const links = {
  offline: { zh: '未连接', en: 'not connected' },
  connecting: { zh: '连接中', en: 'connecting' },
  online: { zh: '已连接', en: 'connected' },
} as const;

export function statusRows(status: StatusAnswer, language: Language, nowMs: number): readonly [string, string][] {
  const say = (zh: string, en: string) => (language === 'zh' ? zh : en);
  const signedIn = status.signedIn ? say('已签到', 'signed in') : say('未签到', 'not signed in');
  const problem = (word: string | undefined) =>
    word === undefined ? say('正常', 'fine') : deviceAdvice(word, language);
  return [
    [say('商户', 'Merchant'), status.merchantName],
    [say('终端', 'Terminal'), status.terminal + (status.simulated ? say(' [模拟]', ' [simulated]') : '')],
    [say('操作员', 'Operator'), status.operator?.no ?? say('未登录', 'nobody')],
    [say('主机', 'Host'), `${links[status.link][language]}, ${signedIn}`],
    [say('批次', 'Batch'), batchText(status.batch ?? null, language, nowMs)],
    [say('待上传', 'To upload'), String(status.waitingRows)],
    [say('待冲正', 'Reversals due'), String(status.reversalsDue)],
    [say('打印机', 'Printer'), problem(status.printerProblem)],
    [say('读卡器', 'Card reader'), problem(status.readerProblem)],
    ...consoleRow(status, language),
  ];
}

const consoleRow = ({ consoleProblem }: StatusAnswer, language: Language): [string, string][] =>
  consoleProblem === undefined ? [] : [[language === 'zh' ? '操作台' : 'Console', consoleProblem]];

export function batchText(batch: BatchAnswer['batch'], language: Language, nowMs: number): string {
  if (!batch) return language === 'zh' ? '没有打开的批次' : 'none open';
  const state = stateText(batch.state, language);
  const age = ageText(nowMs - batch.openedAt, language);
  return language === 'zh'
    ? `${batch.no} ${state}, ${batch.records} 笔, 已开 ${age}`
    : `${batch.no} ${state}, ${counted(batch.records, 'record')}, opened ${age} ago`;
}

/** `pos batch status`. */
export async function showBatch(run: Run): Promise<ExitStatus> {
  const raw = await run.client.get('/batch');
  const { batch } = v.parse(batchAnswer, raw);
  await run.show(raw, () => batchText(batch, run.language, run.shell.clock.now()));
  return exitStatus.ok;
}

/** `pos doctor`: every check, and whether all are well. */
export async function showDoctor(run: Run): Promise<ExitStatus> {
  const raw = await run.client.get('/doctor');
  const { checks } = v.parse(doctorAnswer, raw);
  await run.show(raw, () =>
    pairs(
      checks.map((check) => [
        check.ok ? run.paint.good('✓') : run.paint.bad('✗'),
        [
          check[run.language],
          check.detail,
          check.hotline && run.say(`热线 ${check.hotline}`, `hotline ${check.hotline}`),
        ]
          .filter(Boolean)
          .join('  '),
      ]),
    ),
  );
  return checks.every((check) => check.ok) ? exitStatus.ok : exitStatus.failed;
}
