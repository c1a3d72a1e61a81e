import { Argument, type Command, Option } from 'commander';
import type { Doing } from './act.ts';
import { deviceNames } from './device-names.ts';
import type { Say } from './help.ts';

/** Those of the contract, which need not be loaded to show help. */
const ways = ['contactless', 'swipe', 'insert'];

/** `pos sim`: the tester's bench from the command line. Everything is refused when the terminal is not simulated. */
export function addSim(pos: Command, say: Say, doing: Doing): void {
  const sim = pos.command('sim').description(say('测试台 (仅模拟模式)', "the tester's bench, simulated mode only"));
  addCustomer(sim, say, doing);
  addFaults(sim, say, doing);
  addLooking(sim, say, doing);
  addPlaying(sim, say, doing);
}

function addCustomer(sim: Command, say: Say, doing: Doing): void {
  sim
    .command('card')
    .description(say('出示测试卡，不带参数列出全部', 'present a test card; without arguments, list them'))
    .argument('[name]', say('卡名', 'which card'))
    .addOption(new Option('--by <way>', say('方式', 'how')).choices(ways).default('contactless'))
    .option('--remove', say('拿走卡', 'take the card away'))
    .action(
      doing(async (run, [name], { by, remove }) =>
        (await import('./sim.ts')).presentCard(run, { name, by: String(by), remove: remove === true }),
      ),
    );
  sim
    .command('pin')
    .description(say('客户输密码', 'the customer enters a PIN'))
    .argument('<digits>', say('4 至 12 位数字，或 cancel', '4 to 12 digits, or cancel'))
    .action(doing(async (run, [digits]) => (await import('./sim.ts')).enterPin(run, digits ?? '')));
  sim
    .command('code')
    .description(say('出示付款码，不带参数列出全部', 'show a payment code; without arguments, list them'))
    .argument('[name]', say('码名', 'which code'))
    .option('--text <text>', say('任意内容', 'any text'))
    .action(
      doing(async (run, [name], { text }) =>
        (await import('./sim.ts')).showCode(run, name, typeof text === 'string' ? text : undefined),
      ),
    );
  sim
    .command('key')
    .description(say('按键，如 1 1100 ⏎', 'press keys, such as 1 1100 ⏎'))
    .argument('<keys...>', say('数字连写; ⏎ 确认 取消 清除 z f ↑ ↓', 'digits together; ⏎ Enter Esc Backspace z f ↑ ↓'))
    .action(doing(async (run, typed) => (await import('./sim.ts')).pressKeys(run, typed)));
}

function addFaults(sim: Command, say: Say, doing: Doing): void {
  const device = () => new Argument('<device>', say('设备', 'which one')).choices(deviceNames);
  sim
    .command('fault')
    .description(say('注入故障，不带参数列出全部', 'arm a fault; without arguments, list them'))
    .addArgument(new Argument('[device]', say('设备', 'which one')).choices(deviceNames))
    .argument('[fault]', say('故障名', 'which fault'))
    .option('--times <n>', say('只发生几次', 'only so often'))
    .option('--probability <p>', say('概率 0 至 1', 'how likely, 0 to 1'))
    .option('--value <n>', say('数值，单位见列表', 'in the unit that the list names'))
    .action(doing(async (run, [of, fault], flags) => (await import('./sim.ts')).armFault(run, of, fault, flags)));
  sim
    .command('mend')
    .description(say('排除一个设备的全部故障', 'end all faults of a device'))
    .addArgument(device())
    .action(doing(async (run, [name]) => (await import('./sim.ts')).act(run, '/mend', { device: name })));
  sim
    .command('unplug')
    .description(say('拔掉设备', 'pull the plug'))
    .addArgument(device())
    .action(doing(async (run, [name]) => (await import('./sim.ts')).act(run, '/unplug', { device: name })));
  sim
    .command('plug')
    .description(say('插上设备', 'put the plug back'))
    .addArgument(device())
    .option('--elsewhere', say('换一个接口', 'under another path'))
    .action(
      doing(async (run, [name], { elsewhere }) =>
        (await import('./sim.ts')).act(run, '/plug', { device: name, elsewhere: elsewhere === true }),
      ),
    );
  sim
    .command('link')
    .description(say('断开、恢复线路，或让主机出错', 'cut or restore the link, or arm a fault of the host'))
    .argument('[what]', say('offline、online 或故障名', 'offline, online or a fault'))
    .option('--times <n>', say('几次', 'how often'))
    .option('--ms <ms>', say('毫秒', 'milliseconds'))
    .option('--of <request>', say('哪种请求', 'of which request'))
    .option('--reason <CODE>', say('原因', 'why'))
    .option('--code <NN>', say('应答码', 'response code'))
    .action(doing(async (run, [what], flags) => (await import('./sim.ts')).changeLink(run, what, flags)));
  sim
    .command('reset')
    .description(say('全部恢复正常', 'everything good again'))
    .action(doing(async (run) => (await import('./sim.ts')).act(run, '/reset', {})));
}

function addLooking(sim: Command, say: Say, doing: Doing): void {
  sim
    .command('slip')
    .description(say('最近打印的单据', 'what came out of the printer'))
    .option('--last <n>', say('几张', 'how many'), '1')
    .action(doing(async (run, _, { last }) => (await import('./sim.ts')).showSlips(run, String(last))));
  sim
    .command('wire')
    .description(say('线路记录，卡数据已遮盖', 'the wire log, card data masked'))
    .addOption(new Option('--device <device>', say('设备', 'which one')).choices(deviceNames))
    .option('--last <n>', say('几条', 'how many'), '50')
    .option('--follow', say('持续显示', 'and what comes'))
    .action(doing(async (run, _, flags) => (await import('./sim-wire.ts')).showWire(run, flags)));
}

function addPlaying(sim: Command, say: Say, doing: Doing): void {
  sim
    .command('run')
    .description(say('播放场景文件', 'play scenario files'))
    .argument('<files...>', say('JSON 文件', 'JSON files'))
    .action(doing(async (run, files) => (await import('./sim-run.ts')).runFiles(run, files)));
  const record = sim.command('record').description(say('录制线路', 'record wires'));
  record
    .command('start')
    .description(say('开始', 'begin'))
    .addOption(new Option('--device <device>', say('只录一个设备', 'only one')).choices(deviceNames))
    .action(
      doing(async (run, _, { device }) =>
        (await import('./sim.ts')).act(run, '/record', { action: 'start', ...(device !== undefined && { device }) }),
      ),
    );
  record
    .command('stop')
    .description(say('结束并写入文件', 'end, and write the file'))
    .argument('<file>', say('NDJSON 文件', 'an NDJSON file'))
    .action(doing(async (run, [file]) => (await import('./sim-record.ts')).stopRecording(run, file ?? '')));
  sim
    .command('replay')
    .description(say('对驱动重放录制', 'replay a recording to its driver'))
    .argument('<file>', say('NDJSON 文件', 'an NDJSON file'))
    .addOption(new Option('--device <device>', say('设备', 'which one')).choices(['card-reader', 'printer']))
    .addOption(new Option('--speed <0|1>', say('1 原速', '1: as fast as it was')).choices(['0', '1']).default('0'))
    .action(doing(async (run, [file], flags) => (await import('./sim-record.ts')).replayFile(run, file ?? '', flags)));
}
