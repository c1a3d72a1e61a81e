import type { Language } from '../base/errors.ts';
import type { DeviceTest } from './test-device.ts';

/** Also as it comes over the socket. */
type Found =
  | Exclude<DeviceTest, { kind: 'code' }>
  | { readonly kind: 'code'; readonly symbology?: string | undefined; readonly length: number };

/** What a self-test found, as a person reads it. */
export function testText(test: Found, language: Language): string {
  const say = (zh: string, en: string) => (language === 'zh' ? zh : en);
  switch (test.kind) {
    case 'heard':
      return say(`有应答，${test.bytes} 字节`, `it answers, ${test.bytes} bytes`);
    case 'quiet':
      return say('就绪，或正在使用', 'ready, or in use');
    case 'printed':
      return say('测试单已打印，请看宽度、二维码和切纸', 'printed; look at the widths, the QR code and the cut');
    case 'shown':
      return say(`应显示 ${test.upper} / ${test.lower}`, `should show ${test.upper} / ${test.lower}`);
    case 'code':
      return say(
        `读到一个码，${test.symbology ?? '码制未知'}，${test.length} 个字符`,
        `read a code, ${test.symbology ?? 'symbology unknown'}, ${test.length} characters`,
      );
    case 'key':
      return say(`收到按键 ${test.key}`, `a key came: ${test.key}`);
    case 'nothing':
      return say('没有收到', 'nothing came');
  }
}
