import { voidClearedRow, voidRow } from './card-rows.ts';
import { playRow } from './play-row.ts';

playRow(voidRow);
playRow(voidClearedRow);
