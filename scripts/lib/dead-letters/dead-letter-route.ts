import {
  GetSubscriptionAttributesCommand,
  paginateListSubscriptionsByTopic,
  SNSClient,
  type Subscription as SnsSubscription,
} from '@aws-sdk/client-sns';
import { workQueues } from '../system/queues';
import { bareName, type Stage } from '../system/stage';
import { clientOptions, type System, stageOf } from '../system/system';
import type { DeadLetter } from './dead-letter';

/** A queue's subscription to a topic: which event types reach it. */
export type Subscription = { readonly queue: string; readonly types: readonly string[] | 'all' };

/** Where a message may go: the queues that services work on, and who listens to which events. */
export type Routes = {
  readonly workQueues: readonly string[];
  readonly subscriptions: readonly Subscription[];
  /** The stage whose names the messages know. @default local: bare names */
  readonly stage?: Stage;
};

export type Route = { readonly to: readonly string[] } | { readonly problem: string };

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

const goTo = (queue: string, { workQueues }: Routes): Route =>
  workQueues.includes(queue)
    ? { to: [queue] }
    : { problem: `its source "${queue}" is no queue that a service works on` };

const subscribedTo = (type: string, { subscriptions, workQueues }: Routes): string[] => {
  const listening = subscriptions.filter(({ types }) => types === 'all' || types.includes(type));
  return [...new Set(listening.map(({ queue }) => queue))].filter((queue) => workQueues.includes(queue)).sort();
};

/** Returns the event types that a queue is subscribed to, each once, or `all`. */
export const listenedTo = (queue: string, subscriptions: readonly Subscription[]): string[] => [
  ...new Set(subscriptions.filter((one) => one.queue === queue).flatMap(({ types }) => types)),
];

/**
 * Where a redrive takes a message: back to the queue that its consumer noted; else the one that SQS noted; else to every
 * queue that is subscribed to its type, which consumers that handle an event once make harmless.
 */
export const routeOf = ({ attributes, movedFrom, eventType }: DeadLetter, routes: Routes): Route => {
  const source = attributes.sourceQueue ?? movedFrom;
  if (source !== undefined) return goTo(bareName(routes.stage ?? 'local', source), routes);
  const to = subscribedTo(attributes.type ?? eventType, routes);
  return to.length > 0
    ? { to }
    : { problem: `no queue is subscribed to events of type "${attributes.type ?? eventType}"` };
};

/** The event types that a filter policy on the attribute `type` lets through. */
export const typesOf = (filterPolicy: string | undefined): Subscription['types'] => {
  if (!filterPolicy) return 'all';
  const { type } = JSON.parse(filterPolicy);
  return Array.isArray(type) ? type.filter((one) => typeof one === 'string') : 'all';
};

const readSubscription = async (sns: SNSClient, stage: Stage, { SubscriptionArn, Endpoint = '' }: SnsSubscription) => {
  const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  return { queue: bareName(stage, nameOf(Endpoint)), types: typesOf(Attributes?.FilterPolicy) };
};

/** Returns which queues, by their bare names, are subscribed to which events. */
export const readSubscriptions = async (
  sns: SNSClient,
  topicArns: readonly string[],
  stage: Stage = 'local',
): Promise<Subscription[]> => {
  const found: Subscription[] = [];
  for (const TopicArn of topicArns) {
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn })) {
      const queues = Subscriptions.filter(
        ({ Protocol, SubscriptionArn = '' }) => Protocol === 'sqs' && SubscriptionArn.startsWith('arn:'),
      );
      found.push(...(await Promise.all(queues.map((subscription) => readSubscription(sns, stage, subscription)))));
    }
  }
  return found;
};

/** Returns who listens to what in a system. */
export const subscriptionsIn = (system: System): Promise<Subscription[]> =>
  readSubscriptions(new SNSClient(clientOptions(system)), Object.values(system.topicArns), stageOf(system));

/** Returns where messages may go in a system. */
export const routesIn = async (system: System): Promise<Routes> => ({
  workQueues: workQueues(system).map(([name]) => name),
  subscriptions: await subscriptionsIn(system),
  stage: stageOf(system),
});
