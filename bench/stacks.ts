import { App, Duration } from 'aws-cdk-lib';
import { context } from '../cdk.json';
import { readConfig } from '../lib/config';
import type { ServiceTable } from '../lib/constructs/service-table';
import { OrderService } from '../lib/order';
import { OrderSystemStack } from '../lib/order-system.stack';
import { BenchStack } from './yardsticks/bench.stack';

process.env.CDK_VALIDATION ??= 'false'; // as in a deployment to the local AWS

const ordersOf = (system: OrderSystemStack): ServiceTable => {
  const order = system.node.findChild('Order');
  if (!(order instanceof OrderService)) throw new Error('the order system has no order service');
  return order.orders;
};

/** The order system as it is deployed, and beside it, in a stack of its own, what it is measured against. `more` is context on top of cdk.json's. */
export const benchApp = (more: Readonly<Record<string, unknown>> = {}) => {
  const assets = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };
  const app = new App({ context: { ...context, ...assets, ...more } });
  const config = { ...readConfig({ stage: 'local' }), answerTimeout: Duration.hours(1) }; // no sweep while something is measured
  const system = new OrderSystemStack(app, 'OrderSystemStack', { config, build: 'bench' });
  const bench = new BenchStack(app, 'BenchStack', { orders: ordersOf(system) });
  return { app, system, bench };
};
