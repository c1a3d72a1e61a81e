import { playRow } from './play-row.ts';
import { refundHereRow, refundThereRow } from './refund-rows.ts';

playRow(refundHereRow);
playRow(refundThereRow);
