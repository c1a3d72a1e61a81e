import type { ERROR_CODE, VERIFICATION } from '../card-reader/codes.ts';

/** What the reader can see instead of a good card. */
export type CardFault = keyof typeof ERROR_CODE;

/** A card of a tester. Never a real one. */
export interface TestCard {
  /** 12 to 19 digits; the last one is its Luhn digit unless the card shall be unreadable. */
  readonly pan: string;
  /** YYMM. */
  readonly expiry: string;
  /** true: a chip, and the stripe says so. false: only a stripe. Not given: everything works, and the stripe says nothing of a chip. */
  readonly chip?: boolean;
  /** Of the magnetic stripe; 201 with a chip, else 101, when not given. */
  readonly serviceCode?: string;
  /** Application on the chip; UnionPay debit when not given. */
  readonly aid?: string;
  /** How the card wants its holder known; not given: it does not say. */
  readonly verification?: keyof typeof VERIFICATION;
  /** What is wrong with the chip, held to the reader or inserted. */
  readonly fault?: CardFault;
  /** The stripe is damaged. */
  readonly isStripeBroken?: boolean;
}

export interface NamedTestCard extends TestCard {
  readonly zh: string;
  readonly en: string;
}

const AID = {
  unionPayCredit: 'A000000333010102',
  visa: 'A0000000031010',
  mastercard: 'A0000000041010',
} as const;

/** The cards on a tester's bench. All of them are made up; the host's test PIN fits each. */
export const testCards: Readonly<Record<string, NamedTestCard>> = {
  'unionpay-debit': {
    zh: '银联借记卡',
    en: 'UnionPay debit',
    pan: '6222021234567890128',
    expiry: '3012',
    chip: true,
  },
  'unionpay-credit': {
    zh: '银联贷记卡(签名)',
    en: 'UnionPay credit (signature)',
    pan: '6250941006528599',
    expiry: '2908',
    chip: true,
    aid: AID.unionPayCredit,
    verification: 'signature',
  },
  'online-pin': {
    zh: '银联借记卡(联机密码)',
    en: 'UnionPay debit (online PIN)',
    pan: '6225880011002200334',
    expiry: '3105',
    chip: true,
    verification: 'online-pin',
  },
  cdcvm: {
    zh: '手机闪付',
    en: 'telephone (CDCVM)',
    pan: '6258001122334455',
    expiry: '2911',
    chip: true,
    verification: 'cdcvm',
  },
  'no-verification': {
    zh: '小额免密卡',
    en: 'no verification asked',
    pan: '6225881203040506074',
    expiry: '3003',
    chip: true,
    verification: 'none',
  },
  magstripe: {
    zh: '纯磁条卡',
    en: 'magnetic stripe only',
    pan: '6228480011223344554',
    expiry: '2806',
    chip: false,
  },
  'magstripe-pin': {
    zh: '纯磁条卡(需密码)',
    en: 'magnetic stripe only, PIN asked',
    pan: '6217009900112233446',
    expiry: '2810',
    chip: false,
    serviceCode: '120',
  },
  'chip-fallback': {
    zh: '芯片损坏卡(降级刷卡)',
    en: 'broken chip (fallback to the stripe)',
    pan: '6222620102030405060',
    expiry: '2912',
    chip: true,
    fault: 'chip',
  },
  'foreign-visa': {
    zh: '外卡 VISA',
    en: 'foreign card, VISA',
    pan: '4539000011112226',
    expiry: '2909',
    chip: true,
    aid: AID.visa,
    verification: 'signature',
  },
  'foreign-mastercard': {
    zh: '外卡 MASTERCARD',
    en: 'foreign card, MASTERCARD',
    pan: '5400001234567892',
    expiry: '3001',
    chip: true,
    aid: AID.mastercard,
    verification: 'online-pin',
  },
  expired: { zh: '过期卡', en: 'expired', pan: '6222607788990011224', expiry: '2401', chip: true, fault: 'expired' },
  'expired-stripe': {
    zh: '过期磁条卡',
    en: 'expired, stripe only',
    pan: '6236680012345678904',
    expiry: '2402',
    chip: false,
  },
  blocked: { zh: '锁卡', en: 'blocked', pan: '6227003344556677880', expiry: '3004', chip: true, fault: 'blocked' },
  unsupported: {
    zh: '不支持的卡',
    en: 'not supported',
    pan: '6212260055667788990',
    expiry: '3002',
    chip: true,
    fault: 'unsupported',
  },
  'two-cards': {
    zh: '两张卡叠放',
    en: 'two cards at once',
    pan: '6222021234567890128',
    expiry: '3012',
    chip: true,
    fault: 'two-cards',
  },
  'removed-early': {
    zh: '过早拿开的卡',
    en: 'pulled out early',
    pan: '6222021234567890128',
    expiry: '3012',
    chip: true,
    fault: 'removed',
  },
  declines: {
    zh: '芯片自行拒绝的卡',
    en: 'declines by itself (AAC)',
    pan: '6200581234123412340',
    expiry: '3006',
    chip: true,
    fault: 'declined',
  },
  'bad-track': {
    zh: '磁道损坏卡',
    en: 'damaged stripe',
    pan: '6228480011223344554',
    expiry: '2806',
    chip: false,
    isStripeBroken: true,
  },
};
