import * as v from 'valibot';
import { formatYuan } from '../base/money.ts';
import { applicationText, modeText, reasonText } from './application.ts';
import { type ExitStatus, exitStatus } from './failure.ts';
import type { Run } from './run.ts';
import { type HomeAnswer, homeAnswer } from './settlement-contract.ts';
import { pairs } from './table.ts';
import { stateText, timeText } from './words.ts';

/** `pos settle status`: step 1, what there is, how and where to it is settled, and what stands in the way. */
export async function showHome(run: Run): Promise<ExitStatus> {
  const raw = await run.client.get('/settlement-home');
  const home = v.parse(homeAnswer, raw);
  await run.show(raw, () => pairs([...balancePairs(home, run), ...wayPairs(home, run), ...troublePairs(home, run)]));
  return exitStatus.ok;
}

/** What is nothing and rarely anything else has no row. */
function balancePairs({ balances }: HomeAnswer, run: Run): readonly [string, string][] {
  const { availableFen, unclearedFen, inTransitFen, frozenFen, pendingSplitFen, owedFen, keepFen } = balances;
  const yuan = (fen: number): string => `${formatYuan(fen)} ${run.say('元', 'yuan')}`;
  const rare: readonly (readonly [string, number])[] = [
    [run.say('冻结', 'Frozen'), frozenFen],
    [run.say('待分账', 'Pending split'), pendingSplitFen],
    [run.say('待追偿', 'Owed upstream'), owedFen],
    [run.say('自动结算留存', 'Kept back'), keepFen],
  ];
  return [
    [run.say('可用余额', 'Available'), yuan(availableFen)],
    [run.say('待清算', 'Not cleared'), yuan(unclearedFen)],
    [run.say('结算在途', 'In transit'), yuan(inTransitFen)],
    ...rare.filter(([, fen]) => fen !== 0).map(([name, fen]): [string, string] => [name, yuan(fen)]),
  ];
}

function wayPairs(home: HomeAnswer, run: Run): readonly [string, string][] {
  const { mode, modeAsked, nextCut, lastCut, account, expectedArrival } = home;
  const rows: readonly [string, string][] = [
    [run.say('结算方式', 'Mode'), modeText(mode, run.language)],
    [run.say('已申请改为', 'Asked for'), modeAsked ? modeText(modeAsked, run.language) : ''],
    [run.say('下次自动结算', 'Next cut'), nextCut ? timeText(nextCut.at) : ''],
    [run.say('上次自动结算', 'Last cut'), lastCut ?? ''],
    [run.say('结算账户', 'Account'), account ? accountText(account, run) : run.say('没有', 'none')],
    [run.say('现在结算到账', 'Would arrive'), expectedArrival],
  ];
  return rows.filter(([, value]) => value !== '');
}

function accountText({ name, maskedNumber, bank, state }: NonNullable<HomeAnswer['account']>, run: Run): string {
  const text = `${maskedNumber} ${name} ${bank}`;
  return state === 'ACTIVE' ? text : `${text} (${stateText(state, run.language)})`;
}

function troublePairs(home: HomeAnswer, run: Run): readonly [string, string][] {
  const details = { value: home.profile?.idValidUntil ?? '', device: run.say('设备', 'A device') };
  return [
    ...home.obstacles.map((code): [string, string] => [
      run.say('不能结算', 'In the way'),
      reasonText(code, run.language, details),
    ]),
    ...home.clearingOverdue.map(({ batch, expected }): [string, string] => [
      run.say('清算逾期', 'Clearing overdue'),
      reasonText('CLEARING_OVERDUE', run.language, { no: batch, value: expected }),
    ]),
    ...(home.remind
      ? [[run.say('提醒', 'Reminder'), run.say('余额已过提醒额度，请结算', 'Time to settle')] as [string, string]]
      : []),
    ...home.applications
      .filter(({ state }) => state === 'SENT' || state === 'ACCEPTED')
      .map((one): [string, string] => [run.say('申请', 'Application'), applicationText(one, run.language)]),
  ];
}
