import type { Bitmap, Slip } from '../../drivers/devices.ts';
import { shanghai } from '../base/clock.ts';

/**
 * What `pos device test printer` prints: full lines of both widths, so that a wrong paper width shows as a broken line, every style, the logo and
 * a QR code. It carries the test mark also when everything is real, because it is no voucher.
 */
export function testSlip({ columns, logo, atMs }: { columns: number; logo: Bitmap | undefined; atMs: number }): Slip {
  const { day, time } = shanghai(atMs);
  return [
    ...(logo ? [{ kind: 'image', image: logo } as const] : []),
    { kind: 'text', text: '打印测试', align: 'center', size: 'double' },
    { kind: 'text', text: 'PRINT TEST', align: 'center' },
    { kind: 'rule' },
    { kind: 'text', text: '1234567890'.repeat(5).slice(0, columns) },
    { kind: 'text', text: '一二三四五六七八九十'.repeat(3).slice(0, columns / 2) },
    { kind: 'pair', left: '左 LEFT', right: '右 RIGHT' },
    { kind: 'pair', left: '粗体 BOLD', right: '￥1,234.56', bold: true },
    { kind: 'text', text: 'RMB 88.00', align: 'right', size: 'double', bold: true },
    { kind: 'qr', data: 'ZHANGPING PRINT TEST' },
    { kind: 'pair', left: '日期 DATE', right: `${day} ${time}` },
    { kind: 'text', text: '***测试/TESTING,凭证无效***', align: 'center' },
    { kind: 'feed', lines: 3 },
    { kind: 'cut' },
  ];
}
