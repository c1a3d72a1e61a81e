import { expect, test } from 'vitest';
import { readPage } from './page.ts';
import { type Books, verdict } from './verdict.ts';

/** The judge of all the other tests here must be able to say no. */

const screen = (title: string, body: string, keys = ''): readonly string[] => [
  `${title} [模拟]`,
  ...['', body, '', '', '', '12.00', keys],
];
const host = screen('消费', '通讯中 29');
const approved = screen('交易成功', '请取签购单', '按任意键返回');
const declined = screen('交易失败', '余额不足', '按任意键返回');
const unknown = screen('结果未知', '超时,系统将自动冲正 请勿重复刷卡 冲正中');
const reversed = screen('结果未知', '已冲正 可重新交易');
const idle = screen('账平演示商户', '', '1消费 确认菜单 功能');
const bug = screen('系统错误', '请重启', '按任意键返回');

const books = (atHost: number, terminal = atHost, undecided: readonly string[] = []): Books => ({
  host: atHost,
  terminal,
  undecided,
  failed: 0,
});
const notSaid = 'the screen never said what became of it';

test.each<[seen: string, Books, screens: readonly (readonly string[])[], problems: readonly string[]]>([
  ['charged, and said so', books(1), [host, approved, idle], []],
  ['declined', books(0), [host, declined, idle], []],
  ['unknown, and reversed', books(0), [host, unknown], []],
  ['unknown, then known', books(0), [host, unknown, reversed], []],
  ['charged twice', books(2), [host, approved], ['charged 2 times']],
  ['charged at the host only', books(1, 0), [host, approved], ['charged 1 times at the host, 0 times at the terminal']],
  ['charged, said declined', books(1), [host, declined], ['charged 1 times, the screen said not-charged']],
  ['charged, said that it is undone', books(1), [host, unknown], ['charged 1 times, the screen said undecided']],
  [
    'not charged, said approved',
    books(0),
    [host, approved],
    ['charged 0 times, the screen said charged', 'never charged, the screen said charged'],
  ],
  ['nothing said', books(0), [host, idle], [notSaid]],
  ['nothing said of the second try', books(0), [declined, host, idle], [notSaid]],
  ['left undecided', books(0, 0, ['REVERSING']), [host, unknown], ['a payment is left REVERSING']],
  ['a bug', books(0), [host, bug], [notSaid, 'a system error: 系统错误 / 请重启 / 12.00']],
])('%s', (_seen, of, screens, problems) => {
  expect(verdict(of, screens.map(readPage))).toEqual(problems);
});
