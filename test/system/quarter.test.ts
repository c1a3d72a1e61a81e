import { quarterTest } from '../quarter/quarter-test.ts';
import { quarter } from '../quarter/story.ts';

quarterTest('a quarter', quarter);
