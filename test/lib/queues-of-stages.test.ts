import type { StageName } from './stacks';
import { synthesize } from './synthesize';

/** How messages of a stage are kept, tried again, given up and handed over, by the queues' bare names. */
const deliveryOf = (stage: StageName) => {
  const { ofType, byId, target, functionOf } = synthesize(stage);
  const bare = (name: string) => name.replace(/^(dev|prod)-/, '');
  const queues = ofType('SQS::Queue').map(({ properties }) => {
    const { QueueName, VisibilityTimeout, DelaySeconds, MessageRetentionPeriod, RedrivePolicy, FifoQueue } = properties;
    const redrive = RedrivePolicy && [bare(target(RedrivePolicy.deadLetterTargetArn)), RedrivePolicy.maxReceiveCount];
    const kept = [VisibilityTimeout, DelaySeconds, MessageRetentionPeriod, FifoQueue].map((value) => value ?? null);
    return [bare(QueueName), { kept, redrive: redrive ?? null }] as const;
  });
  const subscriptions = ofType('SNS::Subscription')
    .filter(({ properties }) => properties.Protocol === 'sqs')
    .map(({ properties: { TopicArn, Endpoint, FilterPolicy, RawMessageDelivery } }) => [
      ...[bare(target(TopicArn)), bare(target(Endpoint)), FilterPolicy ?? null, RawMessageDelivery ?? null],
    ]);
  const isQueue = (name: string) => queues.some(([queue]) => queue === name);
  const mappings = ofType('Lambda::EventSourceMapping')
    .filter(({ properties }) => isQueue(bare(target(properties.EventSourceArn))))
    .map(({ properties }) => {
      const { EventSourceArn, FunctionName, BatchSize, FunctionResponseTypes, ScalingConfig } = properties;
      const { MaximumBatchingWindowInSeconds: window } = properties;
      const seconds = byId(ofFunction(FunctionName)).properties.Timeout;
      return [
        ...[bare(target(EventSourceArn)), functionOf(FunctionName), BatchSize, window ?? 0, FunctionResponseTypes],
        ...[ScalingConfig ?? null, seconds],
      ];
    });
  return {
    queues: Object.fromEntries(queues),
    subscriptions: subscriptions.map((one) => JSON.stringify(one)).sort(),
    mappings: mappings.map((one) => JSON.stringify(one)).sort(),
  };
};

const ofFunction = (value: { Ref: string }): string => value.Ref;

const local = deliveryOf('local');

/** The archive gathers events into files: in the cloud it waits longer for a file to fill. */
const gathers = 'archive-queue';
const others = (mappings: readonly string[]) => mappings.filter((one) => !one.startsWith(`["${gathers}"`));

/** The cloud has e-mails of alarms besides, with dead-letter queues of their own. */
const withoutMails = ({ 'alert-mails-dlq': _, 'operations-alarms-dlq': __, ...queues }: Record<string, unknown>) =>
  queues;

test.each(['dev', 'prod'] as const)('S1-26 the local queues and those in the cloud (%s) behave the same', (stage) => {
  const cloud = deliveryOf(stage);
  const { [gathers]: gathering, ...queues } = withoutMails(cloud.queues);
  const { [gathers]: gatheringHere, ...queuesHere } = local.queues;
  expect(queues).toEqual(queuesHere);
  expect([gathering, gatheringHere].map((one) => (one as typeof gatheringHere)?.redrive)).toEqual([
    ['order-processing-dlq', 10],
    ['order-processing-dlq', 10],
  ]);
  expect(cloud.subscriptions).toEqual(local.subscriptions);
  expect(others(cloud.mappings)).toEqual(others(local.mappings));
});

test('S1-26 what is compared is every queue, with how it delivers and gives up: the local one of billing', () => {
  expect(Object.keys(local.queues)).toHaveLength(27);
  expect(local.queues['billing-queue']).toEqual({
    kept: [60, null, 345600, null],
    redrive: ['order-processing-dlq', 10],
  });
  expect(local.mappings.filter((one) => one.startsWith('["billing-queue"'))).toEqual([
    '["billing-queue","billing/bill-order",10,0,["ReportBatchItemFailures"],{"MaximumConcurrency":5},10]',
  ]);
});
