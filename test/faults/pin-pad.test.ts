import { everyFaultAtEveryStep } from './device-at-every-step.ts';

everyFaultAtEveryStep('pin-pad');
