import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { CommandError } from '../command';
import { say } from '../language';
import { step } from '../terminal';
import { until } from '../wait';
import type { System } from './system';

export const deadLetterQueueName = 'order-processing-dlq';

/**
 * How many messages a queue holds: waiting, being worked on, or not due yet; of a queue that holds every message back, not
 * those. SQS says "approximately".
 */
export type Depth = { readonly queue: string; readonly waiting: number; readonly inFlight: number };

/** The URL of a queue; throws when the system has no queue of that name. */
export const queueUrl = ({ queueUrls }: Pick<System, 'queueUrls'>, name: string): string => {
  const url = queueUrls[name];
  if (url === undefined) throw new CommandError(`no queue "${name}"; there are ${Object.keys(queueUrls).join(', ')}`);
  return url;
};

export const queueDepth = async (sqs: SQSClient, queue: string, url: string): Promise<Depth> => {
  const { Attributes = {} }: { Attributes?: Partial<Record<string, string>> } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  const count = (name: string) => Number(Attributes[name] ?? 0);
  const notDue = count('DelaySeconds') > 0 ? 0 : count('ApproximateNumberOfMessagesDelayed');
  return {
    queue,
    waiting: count('ApproximateNumberOfMessages') + notDue,
    inFlight: count('ApproximateNumberOfMessagesNotVisible'),
  };
};

/** The queues that services work on: all but dead-letter queues. */
export const workQueues = ({ queueUrls }: Pick<System, 'queueUrls'>): [name: string, url: string][] =>
  Object.entries(queueUrls)
    .filter(([name]) => !name.endsWith('-dlq'))
    .sort(([one], [other]) => one.localeCompare(other));

const depths = (sqs: SQSClient, system: Pick<System, 'queueUrls'>): Promise<Depth[]> =>
  Promise.all(workQueues(system).map(([name, url]) => queueDepth(sqs, name, url)));

const isEmpty = ({ waiting, inFlight }: Depth) => waiting + inFlight === 0;

/** Waits until every work queue is empty. Returns what they hold, also when the time is up. */
export const waitUntilQuiet = (
  sqs: SQSClient,
  system: Pick<System, 'queueUrls'>,
  { what = say({ en: 'every queue is empty', ja: 'すべてのキューが空になりました' }), timeoutMs = 90_000 } = {},
): Promise<Depth[]> => {
  const done = (last: readonly Depth[]) => (last.every(isEmpty) ? what : undefined);
  return step({ doing: say({ en: `waiting until ${what}`, ja: `待っています: ${what}` }), done }, async (report) => {
    let last: Depth[] = [];
    await until(
      async () => {
        last = await depths(sqs, system);
        const busy = last.filter((depth) => !isEmpty(depth));
        report(busy.map(({ queue, waiting, inFlight }) => `${queue} ${waiting + inFlight}`).join(', '));
        return last.every(isEmpty) ? true : undefined;
      },
      { timeoutMs, everyMs: 200 },
    );
    return last;
  });
};
