import { lookup } from 'node:dns/promises';
import { readdir, readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { type Check, notKnown, unwell, warned, well } from './self-check-line.ts';
import type { World } from './world.ts';

/** What the terminal stands on: power, network, broker. */

/** Where the system tells of itself. */
export interface Places {
  readonly power: string;
  readonly routes: readonly [v4: string, v6: string];
  readonly interfaces: () => ReturnType<typeof networkInterfaces>;
}

export const systemPlaces: Places = {
  power: '/sys/class/power_supply',
  routes: ['/proc/net/route', '/proc/net/ipv6_route'],
  interfaces: networkInterfaces,
};

const lowBatteryPercent = 20;

/** Mains, or how much is left in the battery. A machine with neither in its list says nothing of its power. */
export async function powerCheck({ power }: Places): Promise<Check> {
  const supplies = await Promise.all((await names(power)).map((name) => supplyIn(join(power, name))));
  if (supplies.some(({ type, online }) => type !== 'Battery' && online === '1'))
    return well('power', ['供电正常', 'Mains power']);
  const battery = supplies.find(({ type, capacity }) => type === 'Battery' && capacity !== '');
  if (!battery) return notKnown('power', ['供电情况不可知', 'Power supply not known']);
  const figures = `${battery.capacity} %`;
  if (Number(battery.capacity) > lowBatteryPercent)
    return warned('power', ['电池供电，请接电源', 'On battery; plug it in'], figures);
  return unwell('power', ['电量低，请立即接电源', 'Battery low; plug it in now'], figures);
}

async function supplyIn(folder: string): Promise<{ type: string; online: string; capacity: string }> {
  const [type = '', online = '', capacity = ''] = await Promise.all(
    ['type', 'online', 'capacity'].map((name) => textOf(join(folder, name))),
  );
  return { type, online, capacity };
}

/** An address that is not this machine's own, a way out, and a name that resolves; nothing of it is needed for a broker on this machine. */
export async function networkCheck(brokerHost: string, places: Places): Promise<Check> {
  if (isLocal(brokerHost)) return well('network', ['主机在本机，无需网络', 'Host on this machine; no network needed']);
  const addresses = Object.values(places.interfaces()).flatMap((all) => all ?? []);
  if (!addresses.some(({ internal }) => !internal))
    return unwell('network', ['网络未连接，请检查网线或Wi-Fi', 'No network; check cable or Wi-Fi']);
  if (!(await hasRoute(places.routes)))
    return unwell('network', ['没有网关，请重启路由器', 'No default route; restart the router']);
  if (isIP(brokerHost) === 0 && !(await resolves(brokerHost)))
    return unwell('network', ['域名解析失败，请检查DNS', 'Name not resolved; check DNS'], brokerHost);
  return well('network', ['网络正常', 'Network fine']);
}

export function brokerCheck({ link }: Pick<World, 'link'>): Check {
  const { state, lastProblem } = link.status();
  if (state === 'connected' || state === 'open') return well('broker', ['消息服务器已连接', 'Connected to the broker']);
  return unwell(
    'broker',
    ['未连接消息服务器，请检查网络', 'Not connected to the broker; check the network'],
    lastProblem ?? state,
  );
}

/** The name or address in the URL; the embedded broker's when there is none. */
export const brokerHostOf = (url: string | undefined): string =>
  url === undefined ? '127.0.0.1' : new URL(url).hostname.replace(/^\[|\]$/g, '');

const isLocal = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

/** Lines of the kernel's tables: of IPv4 the second field is the destination, of IPv6 the first, with its prefix behind it. `lo` leads nowhere. */
async function hasRoute([v4, v6]: Places['routes']): Promise<boolean> {
  const four = (await textOf(v4)).split('\n').some((row) => /^(?!lo\s)\S+\s+00000000\s/.test(row));
  const six = (await textOf(v6)).split('\n').some((row) => /^0{32} 00 .*\s(?!lo$)\S+$/.test(row.trim()));
  return four || six;
}

const resolves = (host: string): Promise<boolean> =>
  lookup(host).then(
    () => true,
    () => false,
  );

const names = (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => []);
const textOf = (file: string): Promise<string> =>
  readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
