import { embeddedBroker } from '../support/broker.ts';
import { linkScenarios } from './scenarios.ts';

linkScenarios('the embedded broker, MQTT 3.1.1', embeddedBroker);
