import { randomDays } from './random-days.ts';

randomDays(1);
