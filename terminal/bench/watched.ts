import type { CardReader, ReceiptPrinter, Slip } from '../../drivers/devices.ts';
import { isDeviceError } from '../../drivers/errors.ts';

/** What a driver was asked for, and how that ended: a recording needs both, because a replay must ask for the same. */
export type Called = { readonly device: 'card-reader' | 'printer' } & (
  | { readonly is: 'call'; readonly call: string; readonly with?: unknown }
  /** `error`: the code of the DeviceError. */
  | { readonly is: 'end'; readonly call: string; readonly error?: string }
);

type Tell = (called: Called) => void;

/** Runs `work` and tells of its beginning, of 取消 on the way, and of its end. */
async function told<T>(
  tell: Tell,
  device: Called['device'],
  {
    call,
    details,
    signal,
  }: { readonly call: string; readonly details?: unknown; readonly signal?: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> {
  tell({ device, is: 'call', call, ...(details !== undefined && { with: details }) });
  const cancelled = (): void => tell({ device, is: 'call', call: 'cancel' });
  signal?.addEventListener('abort', cancelled);
  try {
    const result = await work();
    tell({ device, is: 'end', call });
    return result;
  } catch (error) {
    tell({ device, is: 'end', call, error: isDeviceError(error) ? error.code : 'failed' });
    throw error;
  } finally {
    signal?.removeEventListener('abort', cancelled);
  }
}

export function watchedReader(reader: CardReader, tell: Tell): CardReader {
  const device = 'card-reader';
  return {
    ...reader,
    readCard: (request, signal) =>
      told(tell, device, { call: 'readCard', details: request, signal }, () => reader.readCard(request, signal)),
    awaitCard: (signal) => told(tell, device, { call: 'awaitCard', signal }, () => reader.awaitCard(signal)),
    finishCard: (result) =>
      told(tell, device, { call: 'finishCard', details: result }, () => reader.finishCard(result)),
  };
}

export function watchedPrinter(printer: ReceiptPrinter, tell: Tell): ReceiptPrinter {
  const device = 'printer';
  return {
    ...printer,
    print: (slip, signal) =>
      told(tell, device, { call: 'print', details: plain(slip), signal }, () => printer.print(slip, signal)),
    resume: (head, signal) =>
      told(tell, device, { call: 'resume', details: plain(head), signal }, () => printer.resume(head, signal)),
    openDrawer: () => told(tell, device, { call: 'openDrawer' }, () => printer.openDrawer()),
  };
}

/** Pictures are bytes, which JSON does not know. */
const plain = (slip: Slip): unknown =>
  slip.map((line) =>
    line.kind === 'image'
      ? { ...line, image: { ...line.image, rows: Buffer.from(line.image.rows).toString('base64') } }
      : line,
  );
