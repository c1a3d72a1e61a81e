import { CD5220, DISPLAY_COLUMNS } from '../display/cd5220.ts';
import type { FaultTable, FaultUse } from './fault.ts';
import type { SimulatedDisplay } from './simulated-display.ts';

/** What happens at a moment happens when it is armed, once. */
const now =
  (act: (display: SimulatedDisplay) => void) =>
  (display: SimulatedDisplay, { chance }: FaultUse): void => {
    if (chance()) act(display);
  };

const upperLine = [CD5220.escape, CD5220.line, CD5220.upper];
/** 账平 in GBK. */
const CHINESE = [0xd5, 0xcb, 0xc6, 0xbd];

/** What can go wrong with a customer display (devices.md §6). The names stay. What is wrong on it stays until the driver draws again. */
export const displayFaults = {
  'power-cycle': { zh: '客显断电重启', en: 'off and on', apply: now((display) => display.restart()) },
  'ignores-commands': {
    zh: '客显不执行命令',
    en: 'commands are ignored',
    apply: (display, { times, chance }) => display.use({ onCommand: () => true }, times, chance),
  },
  'overlong-line': {
    zh: '其他程序留下超长且未结束的一行',
    en: 'another program left an overlong line without its end',
    apply: now((display) =>
      display.intrude(Uint8Array.from([...upperLine, ...new Array<number>(2 * DISPLAY_COLUMNS).fill(0x38)])),
    ),
  },
  'non-ascii': {
    zh: '其他程序写入汉字，显示乱码',
    en: 'another program wrote Chinese text, which shows as junk',
    apply: now((display) => display.intrude(Uint8Array.from([...upperLine, ...CHINESE, CD5220.end]))),
  },
} as const satisfies FaultTable<SimulatedDisplay>;
