import { playRow } from './play-row.ts';
import { completionRow, completionVoidRow } from './preauth-rows.ts';

playRow(completionRow);
playRow(completionVoidRow);
