import { playRow } from './play-row.ts';
import { preauthRow, preauthVoidRow } from './preauth-rows.ts';

playRow(preauthRow);
playRow(preauthVoidRow);
