import type { FaultInfo, LinkRequest } from './contract.ts';

type FaultName = Extract<LinkRequest, { fault: string }>['fault'];

const ms = (byDefault: number): FaultInfo['value'] => ({ unit: 'ms', byDefault });

/** The faults of the host's control socket, in words. */
const words: Readonly<Record<FaultName, Omit<FaultInfo, 'name'>>> = {
  'drop-answer': { zh: '主机已入账，应答丢失', en: 'booked by the host, the answer is lost' },
  'delay-answer': { zh: '主机应答迟到', en: "the host's answer comes late", value: ms(40_000) },
  silence: { zh: '主机一段时间不应答', en: 'the host hears nothing for a while', value: ms(10_000) },
  'delay-link': { zh: '线路延时', en: 'everything to the terminal comes later', value: ms(1_000) },
  'duplicate-rows': { zh: '下行消息重复', en: 'rows to the terminal come twice' },
  'drop-rows': { zh: '下行消息丢失', en: 'rows to the terminal are lost' },
  'drop-ack': { zh: '确认丢失', en: "the host's acknowledgement is lost" },
  'drop-welcome': { zh: '握手应答丢失', en: "the host's welcome is lost" },
  'forget-approval': { zh: '主机忘记一笔已批准交易', en: 'the host forgets an approval' },
  decline: { zh: '下一笔消费被拒(05)', en: 'the next sale is declined (05)' },
  'forward-refuse': { zh: '下一笔离线交易或完成通知被拒', en: 'the next offline sale or advice is refused' },
  'refund-refuse': { zh: '下一笔退货不受理', en: 'the next refund is refused' },
  'refund-fail': { zh: '下一笔退货受理后失败', en: 'the next refund is accepted and fails' },
  'invoice-fail': { zh: '下一张发票开具失败', en: 'the next invoice fails' },
  'wallet-silent': { zh: '下一个客户不扫码不付款', en: 'the next customer pays no code' },
  'settle-fail': { zh: '下一笔结算失败', en: 'the next settlement fails' },
  'settle-return': { zh: '下一笔结算被退回', en: 'the next settlement is returned' },
};

export const linkFaults: readonly FaultInfo[] = Object.entries(words).map(([name, one]) => ({ name, ...one }));
