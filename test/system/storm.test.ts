import { stormRounds } from '../storm/rounds.ts';

stormRounds(4, 3);
