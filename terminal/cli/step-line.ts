import type { Language } from '../base/errors.ts';
import type { StepAnswer } from './contract.ts';

const stepTexts: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  freezing: { zh: '冻结批次', en: 'Freezing the batch' },
  comparing: { zh: '与主机对账', en: 'Comparing with the host' },
  uploading: { zh: '批上送', en: 'Uploading the batch' },
  ending: { zh: '批结束', en: 'Ending the batch' },
  printing: { zh: '打印', en: 'Printing' },
  sending: { zh: '发送申请', en: 'Sending the request' },
  copying: { zh: '复制账本', en: 'Copying the book' },
  proving: { zh: '验证备份', en: 'Proving the copy' },
  listening: { zh: '等待设备应答', en: 'Listening to the device' },
  'showing-code': { zh: '请出示一个码', en: 'Show a code to the scanner' },
  'pressing-key': { zh: '请按一个键', en: 'Press a key' },
  exporting: { zh: '制作文件', en: 'Making the file' },
  card: { zh: '等待读卡', en: 'Waiting for the card' },
  pin: { zh: '等待密码', en: 'Waiting for the PIN' },
  host: { zh: '等待主机', en: 'Waiting for the host' },
  chip: { zh: '等待芯片', en: 'Waiting for the chip' },
  reversal: { zh: '先送冲正', en: 'A reversal goes first' },
  closing: { zh: '批结算', en: 'Closing the batch' },
  processing: { zh: '主机处理中', en: 'The host is at work' },
};

export function stepText(step: StepAnswer, language: Language): string {
  const text = stepTexts[step.at]?.[language] ?? step.at;
  return (step.of ?? 0) === 0 ? `${text}…` : `${text} ${step.done ?? 0}/${step.of}`;
}

/** Progress for a person: one line that is rewritten on a terminal, elsewhere one line for each kind of step. */
export function makeStepLine(face: {
  readonly write: (text: string) => void;
  readonly animated: boolean;
  readonly language: Language;
}) {
  let shown: string | undefined;
  return {
    show(step: StepAnswer): void {
      const text = stepText(step, face.language);
      if (face.animated) face.write(`\r\u001b[K${text}`);
      else if (step.at !== shown) face.write(`${text}\n`);
      shown = step.at;
    },
    /** Closes the line before something else is written. */
    end(): void {
      if (face.animated && shown !== undefined) face.write('\n');
      shown = undefined;
    },
  };
}
