import { at } from '../base/crash-points.ts';
import { inTransaction } from '../base/database.ts';
import type { Batch } from '../settlement/batch.ts';
import { type BatchRecord, recordRowId, toUpload, uploadRecord } from '../settlement/close-batch.ts';
import { batchRecords } from './batch-records.ts';
import { changed, type World } from './world.ts';

/** 批上送 (payments.md, Batch close): the records of the groups that do not balance go up one by one. */

/** Records of one transaction: some milliseconds. */
const slice = 200;

/** Whether the host has every record. Before, puts those into the outbox that are not there yet, and goes on where a power cut or a lost book ended that. */
export async function isUploaded(world: World, batch: Batch): Promise<boolean> {
  const { session, db, clock, link, outbox } = world;
  if (session.upload?.batch !== batch.id) {
    const records = toUpload(batch, batchRecords(db, batch));
    const upload = { batch: batch.id, left: records.length };
    session.upload = upload;
    while (upload.left > 0) {
      const from = records.length - upload.left;
      const next = records.slice(from, from + slice);
      write(world, batch, next);
      upload.left -= next.length;
      link.wake();
      changed(world);
      await new Promise<void>((resolve) => clock.after(0, resolve));
      if (!db.open) return false; // the terminal was stopped meanwhile
    }
  }
  return !outbox.isWaiting('batch-record');
}

function write({ db, clock, outbox }: World, batch: Batch, records: readonly BatchRecord[]): void {
  inTransaction(db, (tx) => {
    for (const record of records)
      if (!outbox.has('batch-record', recordRowId(batch, record))) uploadRecord(tx, clock.now(), batch, record);
    at('close.in-upload');
  });
}

/** For the screen: those that are in the outbox and not waiting in it. */
export function uploadedSoFar({ session, clock, outbox }: World, { id, uploaded }: Batch): number {
  const left = session.upload?.batch === id ? session.upload.left : uploaded;
  return Math.max(0, uploaded - left - outbox.summary(clock.now()).waiting);
}
