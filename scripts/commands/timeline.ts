import { SQSClient } from '@aws-sdk/client-sqs';
import type { TimelineEntry } from '../../lambda/contracts/api/order-api';
import { OrderId, TenantId } from '../../lambda/contracts/values/text';
import { CommandError, command, UsageError } from '../lib/command';
import { toDeadLetter } from '../lib/dead-letters/dead-letter';
import { readMessages } from '../lib/dead-letters/dead-letter-queue';
import { clientFor } from '../lib/people/sign-in';
import { whereOptions } from '../lib/system/chosen-stage';
import { deadLetterQueueName, queueUrl } from '../lib/system/queues';
import { clientOptions, findSystem, type System } from '../lib/system/system';
import { print, printTable, warn } from '../lib/terminal';
import { deadLetterEntries, missingWords, timelineRows } from '../lib/timeline-view';

const help = `
npm run timeline -- ORDER [--tenant TENANT] [--aws [--stage STAGE]]

Everything that happened to an order, oldest first: facts, events, bills, e-mails and alerts from the services that know
them, and the messages about it in ${deadLetterQueueName}.

  ORDER             such as ORD-000001
  --tenant TENANT   whose order it is (default: default)
  --aws             works on the stack on AWS, with the credentials of the environment and a staff token as TOKEN
  --stage dev|prod  which of them, with --aws (default: the only one that is deployed)
  --help            this text
`;

const options = { tenant: { type: 'string' }, ...whereOptions } as const;

const readParked = async (system: System, tenant: string, orderId: string): Promise<TimelineEntry[]> => {
  const entries: TimelineEntry[] = [];
  const queue = { sqs: new SQSClient(clientOptions(system)), queueUrl: queueUrl(system, deadLetterQueueName) };
  await readMessages(queue, {
    take: async (held) => {
      entries.push(
        ...deadLetterEntries(
          held.map(({ message }) => toDeadLetter(message)),
          tenant,
          orderId,
        ),
      );
      return []; // looked at, not taken
    },
  });
  return entries;
};

command({ help, options, words: 1 }, async (given, [orderId]) => {
  const tenant = given.tenant ?? 'default';
  if (orderId === undefined) throw new UsageError('ORDER is missing: an order such as ORD-000001. See --help.');
  if (!OrderId.safeParse(orderId).success)
    throw new UsageError(`"${orderId}": an order such as ORD-000001. See --help.`);
  if (!TenantId.safeParse(tenant).success) throw new UsageError(`--tenant "${tenant}": no tenant has this name.`);
  const system = await findSystem(given);
  const client = await clientFor(system, tenant, 'staff');
  const { status, body } = await client.getOrderTimeline({ params: { orderId } });
  if (status === 404) throw new CommandError(`${tenant} has no order ${orderId} (404)`);
  if (status !== 200) throw new CommandError(`${body.detail} (${status})`);
  const entries = [...body.items, ...(await readParked(system, tenant, orderId))];
  printTable(
    [{ title: 'time' }, { title: 'service' }, { title: 'what' }, { title: 'cause' }, { title: 'details' }],
    timelineRows(entries),
  );
  print(`${entries.length} entries of ${orderId} of ${tenant}`);
  for (const service of body.unavailable) warn(missingWords(service, orderId));
});
