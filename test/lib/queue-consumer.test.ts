import type { StageName } from './stacks';
import { referenced, synthesize } from './synthesize';

/** The queues of a stage, each with how it is read and by whom. */
const consumersOf = (stage: StageName) => {
  const { ofType, byId, named, target } = synthesize(stage);
  return ofType('Lambda::EventSourceMapping')
    .filter(({ properties }) => byId(referenced(properties.EventSourceArn)).type.includes('SQS'))
    .map(({ properties }) => {
      const name = target(properties.EventSourceArn);
      return {
        name: name.replace(/^dev-/, ''),
        mapping: properties,
        queue: named(name).properties,
        timeout: byId(referenced(properties.FunctionName)).properties.Timeout,
      };
    });
};

describe.each<[StageName]>([['local'], ['dev'], ['prod']])('F-41 the consumers of %s', (stage) => {
  const consumers = consumersOf(stage);

  test('run a bounded number of batches at once, so that a busy system waits instead of being throttled', () => {
    const limits = Object.fromEntries(
      consumers.map(({ name, mapping }) => [name, mapping.ScalingConfig?.MaximumConcurrency]),
    );
    expect(limits).toEqual({
      'inventory-queue': 5,
      'notification-queue': 5,
      'billing-queue': 5,
      'order-saga-queue': 5,
      'order-copy-queue': 5,
      'erasure-queue': 5,
      'inventory-catalog-queue': 5,
      'inventory-return-queue': 5,
      'catalog-stock-queue': 5,
      'alert-queue': 5,
      'order-payment-queue': 5,
      'alert-deadline-queue': 5,
      'sys-pay-alert-queue': 5,
      'live-queue': 5,
      'return-order-queue': 5,
      'payment-queue': 5,
      'archive-queue': 2, // fewer batches are fuller ones
    });
  });

  test('have six times as long as one batch may take until their messages are delivered again, and the time to gather', () => {
    const hidden = consumers.map(({ name, queue }) => [name, queue.VisibilityTimeout]);
    const expected = consumers.map(({ name, timeout, mapping }) => [
      name,
      6 * timeout + (mapping.MaximumBatchingWindowInSeconds ?? 0),
    ]);
    expect(hidden).toEqual(expected);
  });

  test('have ten seconds and more for a batch', () => {
    expect(consumers.filter(({ timeout }) => timeout < 10).map(({ name }) => name)).toEqual([]);
  });
});
