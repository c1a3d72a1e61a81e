import { quarterTest } from './quarter-test.ts';
import { fourWeeks } from './story.ts';

quarterTest('four weeks', fourWeeks);
