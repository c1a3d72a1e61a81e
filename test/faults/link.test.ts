import { describe } from 'vitest';
import { hostCases, linkCases, moments } from './cases.ts';
import { playCases } from './play-cases.ts';

describe('link and host: charged once or not at all, and the screen says which', () => {
  const play = playCases();
  for (const at of moments) play(`at ${at}`, linkCases(at));
  play('by the amount', hostCases);
});
