import { customerShowsRow, merchantShowsRow } from './code-rows.ts';
import { playRow } from './play-row.ts';

playRow(customerShowsRow);
playRow(merchantShowsRow);
