import { setTimeout as sleep } from 'node:timers/promises';
import { cancel, enter, type MeasuredCounter, pages } from './measured-counter.ts';

/** A place where the screen waits for somebody: how one gets there, and what 取消 leads to. */
export interface CancelPlace {
  readonly zh: string;
  readonly en: string;
  /** The host is frozen meanwhile. */
  readonly frozen: boolean;
  readonly go: (counter: MeasuredCounter) => Promise<void>;
  readonly leadsTo: RegExp;
}

const noPause = 300; // what was left still ends behind the screen

const atCard = async (counter: MeasuredCounter): Promise<void> => void (await counter.askForCard(['2', '1']));

/** In this order: the sale that the host does not answer leaves a reversal, for which the next one waits. */
export const cancelPlaces: readonly CancelPlace[] = [
  { zh: '等卡', en: 'card', frozen: false, go: atCard, leadsTo: /已取消/ },
  {
    zh: '核对金额与卡',
    en: 'confirmation',
    frozen: false,
    leadsTo: /已取消/,
    async go(counter) {
      await atCard(counter);
      await counter.presentCard();
    },
  },
  {
    zh: '打印',
    en: 'printing',
    frozen: false,
    leadsTo: pages.idle,
    async go(counter) {
      counter.holdPrinter(true);
      await atCard(counter);
      await counter.presentCard();
      counter.type(enter);
      await counter.see(pages.printing);
    },
  },
  {
    zh: '余额查询等卡',
    en: 'card of a balance inquiry',
    frozen: false,
    leadsTo: /已取消/,
    async go(counter) {
      counter.type('8');
      await counter.see(/其它/);
      counter.type('3');
      await counter.see(pages.card);
    },
  },
  {
    zh: '扫码结果未知',
    en: 'code in doubt',
    frozen: false,
    leadsTo: /关闭/,
    async go(counter) {
      counter.type('9');
      await counter.see(/付款码/);
      counter.type('2');
      await counter.see(pages.amount);
      counter.type(`3197${enter}`);
      await counter.see(pages.unknown);
    },
  },
  {
    zh: '等主机',
    en: 'host',
    frozen: true,
    leadsTo: pages.unknown,
    async go(counter) {
      await atCard(counter);
      await counter.presentCard();
      counter.type(enter);
      await counter.see(pages.host);
    },
  },
  {
    zh: '等冲正',
    en: 'reversal',
    frozen: true,
    leadsTo: /已取消/,
    async go(counter) {
      await counter.press('1', pages.amount);
      counter.type(`2200${enter}`);
      await counter.see(/冲正/);
    },
  },
  {
    zh: '签到',
    en: 'sign-in',
    frozen: true,
    leadsTo: /管理/,
    async go(counter) {
      counter.type('7');
      await counter.see(/管理/);
      counter.type('1');
      await counter.see(/正在签到/);
    },
  },
];

/** Presses 取消 in each of them, and brings the counter back to its idle screen. */
export async function cancelEverywhere(counter: MeasuredCounter, freeze: (frozen: boolean) => void): Promise<void> {
  for (const place of cancelPlaces) {
    freeze(place.frozen);
    await place.go(counter);
    await counter.press(cancel, place.leadsTo);
    counter.holdPrinter(false);
    counter.takeAway();
    await sleep(noPause);
    await counter.home();
  }
  freeze(false);
}
