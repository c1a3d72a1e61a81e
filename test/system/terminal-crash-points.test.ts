import { terminalPoints } from '../../scripts/storm/plan.ts';
import { eachIsSurvived } from './each-point.ts';

eachIsSurvived('terminal', terminalPoints);
