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
  'settle-fail': { zh: '下一笔结算失败', en: 'the next settlement fails' },
  'settle-return': { zh: '下一笔结算被退回', en: 'the next settlement is returned' },
};

export const linkFaults: readonly FaultInfo[] = Object.entries(words).map(([name, one]) => ({ name, ...one }));
