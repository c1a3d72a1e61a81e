import { balanceRow } from './balance-row.ts';
import { playRow } from './play-row.ts';
import { adviceRow, storedRow } from './told-rows.ts';

playRow(storedRow);
playRow(adviceRow);
playRow(balanceRow);
