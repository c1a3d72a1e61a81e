import { parseArgs } from 'node:util';
import { homeByDefault } from '../home.ts';

export interface StartOptions {
  readonly home: string;
  readonly fresh: boolean;
  readonly kiosk: boolean;
  /** Also on a terminal that is not simulated, whose configuration does not name it. */
  readonly console: boolean;
  readonly help: boolean;
  /** Undefined: what the configuration says. */
  readonly language: 'zh' | 'en' | undefined;
  /** 0: any free one. */
  readonly brokerPort: number;
}

/** `npm start` was called in a way that it does not know. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export const usageLines: readonly string[] = [
  '用法 usage: npm start -- [选项 options]',
  '  --home DIR         数据目录 home folder (POS_HOME, .pos)',
  '  --fresh            旧目录移开, 从头开始 move the old home aside and begin anew',
  '  --kiosk            同时开网页键盘 serve the keypad as a web page, too',
  '  --console          开操作台网页 serve the operator console (模拟模式自动 by itself in simulated mode)',
  '  --lang zh|en       屏幕语言 language of the screen',
  '  --broker-port N    内置消息服务器的端口, 忙则另选 port of the embedded broker; another one when it is busy',
];

/** Throws UsageError. */
export function readOptions(args: readonly string[]): StartOptions {
  const values = parsed(args);
  const { lang, 'broker-port': port } = values;
  if (lang !== undefined && lang !== 'zh' && lang !== 'en') throw new UsageError(`--lang ${lang}`);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new UsageError(`--broker-port ${port}`);
  const { home, fresh, kiosk, console, help } = values;
  return { home, fresh, kiosk, console, help, language: lang, brokerPort: Number(port) };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        home: { type: 'string', default: homeByDefault() },
        fresh: { type: 'boolean', default: false },
        kiosk: { type: 'boolean', default: false },
        console: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        lang: { type: 'string' },
        'broker-port': { type: 'string', default: '0' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
