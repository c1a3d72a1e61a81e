import { hostPoints } from '../../scripts/storm/plan.ts';
import { eachIsSurvived } from './each-point.ts';

eachIsSurvived('host', hostPoints);
