import { stormRounds } from './rounds.ts';

stormRounds(0, 4);
