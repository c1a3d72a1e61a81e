import { join, resolve } from 'node:path';
import { padded } from '../../terminal/screens/screen.ts';
import { simulatedFirstSecrets } from '../../terminal/users/manage-users.ts';
import { homeByDefault } from '../home.ts';

export interface Running {
  readonly home: string;
  readonly simulated: boolean;
  readonly brokerUrl: string;
  readonly busyPort: number | undefined;
  /** The pages; undefined when none is served. */
  readonly kiosk: { readonly kioskUrl: string; readonly benchUrl: string | undefined } | undefined;
  /** Where `--fresh` moved the old home. */
  readonly oldHome: string | undefined;
  /** The screen is on this text terminal. */
  readonly onTty: boolean;
}

const labelWidth = 22;
const row = (label: string, text: string): string => `  ${padded(label, labelWidth)}${text}`;

const [supervisor, administrator, cashier] = simulatedFirstSecrets.map(({ no, secret }) => `${no}/${secret}`);

/** For `pos` and `npm start`, when it is not the home that they take by themselves. */
const homeOption = (home: string): string => (home === resolve(homeByDefault()) ? '' : `--home ${home} `);

/** What stands above the screen and is found there again when it has gone: a dozen lines at most, Chinese first. */
export function bannerLines(running: Running): readonly string[] {
  const { home, simulated, brokerUrl, busyPort, kiosk, oldHome, onTty } = running;
  const busy = busyPort === undefined ? '' : `  (${busyPort} 被占用 was busy)`;
  return [
    `账平 已启动 started${simulated ? '  ·  模拟模式, 不动真钱 SIMULATED, no real money' : ''}`,
    ...(kiosk ? [row('网页键盘 kiosk', kiosk.kioskUrl)] : []),
    ...(kiosk?.benchUrl === undefined ? [] : [row('测试台 test bench', kiosk.benchUrl)]),
    row('消息服务器 broker', `${brokerUrl}${busy}`),
    ...(simulated ? [row('登录 log on', `${cashier} 收银员 cashier`)] : []),
    ...(simulated ? [row('', `${supervisor} 主管 supervisor  ${administrator} 管理员 admin`)] : []),
    row('签购单 slips', join(home, 'slips')),
    row('接真实设备 devices', `${join(home, 'config.json')}  {"printer": "serial:/dev/ttyUSB0"}`),
    row('命令 commands', `npm run --silent pos -- ${homeOption(home)}--help`),
    ...(oldHome === undefined ? [] : [row('旧目录 old home', oldHome)]),
    row('退出 quit', onTty ? '空闲时按 q q 或 Ctrl-C  q q or Ctrl-C when idle' : 'Ctrl-C'),
  ];
}

export const farewellLines = (home: string): readonly string[] => [
  `账平 已结束, 数据都在 ended, everything is kept in ${home}`,
  row('再次启动 start again', home === resolve(homeByDefault()) ? 'npm start' : `npm start -- --home ${home}`),
];
