import { App, Duration } from 'aws-cdk-lib';
import { readConfig } from '../lib/config';
import { OrderSystemStack } from '../lib/order-system.stack';
import { Yardsticks } from './yardsticks/yardsticks';

// the product's own stack as it is, and beside it what it is measured against

const app = new App({
  context: {
    'aws:cdk:enable-path-metadata': true,
    'aws:cdk:enable-asset-metadata': true,
    '@aws-cdk/core:stackResourceLimit': 0, // with its yardsticks the stack is larger than AWS allows; the emulator takes it
  },
});
const config = { ...readConfig({ stage: 'local' }), answerPatience: Duration.hours(1) }; // no sweep while something is measured
const system = new OrderSystemStack(app, 'OrderSystemStack', { config, build: 'bench' });
new Yardsticks(system, 'Bench');
app.synth();
