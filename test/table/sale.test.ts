import { chipSaleRow, saleRow } from './card-rows.ts';
import { playRow } from './play-row.ts';

playRow(saleRow);
playRow(chipSaleRow);
