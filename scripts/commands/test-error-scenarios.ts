import { SQSClient } from '@aws-sdk/client-sqs';
import { type Checklist, checklist } from '../lib/checklist';
import { command } from '../lib/command';
import type { DeadLetter } from '../lib/dead-letters/dead-letter';
import { listDeadLetters } from '../lib/dead-letters/dead-letter-actions';
import { type Effects, waitForEffects } from '../lib/demo/effects';
import { ensureStock } from '../lib/demo/prepare';
import { whereOptions } from '../lib/system/chosen-stage';
import { readStockLog } from '../lib/system/error-log';
import { placeOrder } from '../lib/system/order-api';
import { deadLetterQueueName, queueUrl, waitUntilQuiet } from '../lib/system/queues';
import { nameIn } from '../lib/system/stage';
import { clientOptions, findSystem, type System, stageOf } from '../lib/system/system';
import { tablesOf } from '../lib/system/tables';
import { ok, print, step, title } from '../lib/terminal';
import { until } from '../lib/wait';

const help = `
bash scripts/test-error-scenarios.sh [--aws [--stage STAGE]]

Orders 人気商品（在庫切れ）, which is out of stock, and checks that inventory fails three times and its message ends in the
dead-letter queue with the error's text, that the customer is mailed and billed all the same, that the order waits as a
backorder, and that the log holds the details. Three tries take about ten seconds. The message stays in the dead-letter
queue, and the script says how to redrive it. The seed data is loaded first when the product is missing or in stock.

  --aws             works on the stack on AWS, with the credentials of the environment
  --stage dev|prod  which of them, with --aws (default: the only one that is deployed)
  --help            this text
`;

const soldOut = 'PROD-004';
const errorText = 'Insufficient stock for 人気商品（在庫切れ）. Available: 0, Requested: 1';
const timeouts = { local: 120_000, aws: 480_000 };

const findDeadLetter = (sqs: SQSClient, system: System, orderId: string): Promise<DeadLetter | undefined> =>
  step(
    {
      doing: 'looking for its message in the dead-letter queue',
      done: (deadLetter) => deadLetter && 'its message is in the dead-letter queue',
    },
    () =>
      until(
        async () => {
          const deadLetters = await listDeadLetters({ sqs, queueUrl: queueUrl(system, deadLetterQueueName) });
          return deadLetters.find(
            ({ eventId, consumer }) => eventId === `default/${orderId}:1` && consumer === 'inventory',
          );
        },
        { timeoutMs: 30_000, everyMs: 500 },
      ),
  );

const checkDeadLetter = (system: System, deadLetter: DeadLetter | undefined, { check }: Checklist) => {
  const queue = nameIn(stageOf(system), 'inventory-queue');
  const { sourceQueue, receiveCount } = deadLetter?.attributes ?? {};
  check(
    'S0-25',
    'its message is in the dead-letter queue',
    deadLetter !== undefined,
    deadLetter?.messageId ?? 'not there',
  );
  check('S0-25', 'after three tries', receiveCount === '3', `${receiveCount ?? '0'} failures`);
  check('S0-25', 'it knows its queue', sourceQueue === queue, sourceQueue ?? 'no attribute');
  check(
    'S0-26',
    'the error has the exact text',
    deadLetter?.errorMessage === errorText,
    deadLetter?.errorMessage ?? 'none',
  );
};

const checkIsolation = ({ order, notification, bill, reservation }: Effects, { check }: Checklist) => {
  check('S0-42', 'the customer is mailed', notification?.status === 'sent', notification?.status ?? 'no record');
  check('S0-42', 'the order is billed', bill?.status === 'pending', bill?.status ?? 'no record');
  const stock = order?.stockStatus ?? 'unknown';
  check('S0-25', 'the order waits for a restock', stock === 'BACKORDERED', stock);
  check('S0-23', 'nothing is reserved for it', reservation?.state === 'BACKORDERED', reservation?.state ?? 'no record');
};

/** Logs arrive late on AWS, so they are waited for. */
const checkLog = async (system: System, orderId: string, since: Date, { check }: Checklist) => {
  const done = (found: readonly string[] | undefined) => found && 'the log of the inventory service read';
  const lines = await step({ doing: 'reading the log of the inventory service', done }, () =>
    until(
      async () => {
        const found = await readStockLog(system, `default/${orderId}:1`, since);
        return found.some((line) => /message (parked|dead-lettered)/.test(line)) ? found : undefined;
      },
      { timeoutMs: 30_000, everyMs: 500 },
    ),
  );
  const detailed = (lines ?? []).filter((line) => line.includes(errorText) && line.includes('receiveCount'));
  check('S0-28', 'the log holds each failure with its details', detailed.length >= 3, `${detailed.length} error lines`);
};

const nextSteps = (messageId: string) => {
  title('What to do with it');
  print('Look at it whole:');
  print(`  bash scripts/manage-dlq.sh show ${messageId}`);
  print('Restock five of the product, then let the order be completed:');
  print(`  printf 'productId,name,price,currency,stock\\n${soldOut},人気商品（在庫切れ）,5000,JPY,5\\n' > restock.csv`);
  print('  bash scripts/seed-data.sh --file restock.csv');
  print(`  bash scripts/manage-dlq.sh redrive --id ${messageId}`);
};

command({ help, options: whereOptions }, async (given) => {
  const system = await findSystem(given);
  const tables = tablesOf(system);
  const sqs = new SQSClient({ ...clientOptions(system), useQueueUrlAsEndpoint: false });
  await ensureStock(tables, {}, [soldOut]);
  const since = new Date(Date.now() - 60_000);
  const { orderId } = await placeOrder(system, [{ productId: soldOut, quantity: 1 }]);
  ok(`${orderId} is accepted: one 人気商品（在庫切れ）, of which there is none`);
  const effects = await waitForEffects(tables, [orderId], {
    what: 'inventory has tried three times',
    timeoutMs: given.aws ? timeouts.aws : timeouts.local,
  });
  const deadLetter = await findDeadLetter(sqs, system, orderId);
  await waitUntilQuiet(sqs, system);
  const checks = checklist();
  checkDeadLetter(system, deadLetter, checks);
  checkIsolation(effects.get(orderId) ?? {}, checks);
  await checkLog(system, orderId, since, checks);
  const exitCode = checks.conclude();
  if (deadLetter !== undefined) nextSteps(deadLetter.messageId);
  return exitCode;
});
