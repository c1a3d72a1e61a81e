import { mosquittoBroker } from '../support/broker.ts';
import { linkScenarios } from '../sync/scenarios.ts';

linkScenarios('mosquitto, MQTT 3.1.1', () => mosquittoBroker(4));
linkScenarios('mosquitto, MQTT 5', () => mosquittoBroker(5));
