import { randomUUID } from 'node:crypto';
import { InvokeCommand, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../lambda/kernel/dynamodb/dynamodb';
import { localApiId } from '../../lib/api';
import { until } from '../../scripts/lib/wait';
import { assertDocumented, operationAt } from './documented';

/** What flow tests ask the system through. They find it by the environment that the set-up has filled. */
export const db = documentClient();
export const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
export const lambda = new LambdaClient({});

export const endpoint = process.env.AWS_ENDPOINT_URL ?? '';
export const apiUrl = `${endpoint}/_aws/execute-api/${localApiId}/local`;

/** Waits for a condition and fails with its name when it does not come. */
export const eventually = async <Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false>,
  timeoutMs = 60_000,
): Promise<Answer> => {
  const answer = await until(async () => (await ask()) || undefined, { timeoutMs, everyMs: 100 });
  if (answer === undefined) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
  return answer;
};

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the answer holds
  readonly body: any;
};

const read = async (response: Response): Promise<Answer> => {
  const text = await response.text();
  const body = /json/.test(response.headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body: body === '' ? undefined : body };
};

const ofTheEmulator = [502, 504]; // a worker that died: API Gateway would answer with a problem of ours

const check = (method: string, path: string, answer: Answer): void => {
  const operation = operationAt(method, path);
  if (operation === undefined || ofTheEmulator.includes(answer.status)) return;
  assertDocumented({ operation, ...answer, headers: Object.fromEntries(answer.headers) });
};

/** Calls the API as any client does. An answer that the API's description does not have is an error. */
export const call = async (method: string, path: string, init: RequestInit = {}): Promise<Answer> => {
  const answer = await read(await fetch(`${apiUrl}${path}`, { method, ...init }));
  check(method, path, answer);
  return answer;
};

/** `fetch` for clients of the API: what `call` checks is checked here, too. */
export const documentedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  check(init?.method ?? 'GET', String(input).slice(apiUrl.length), await read(response.clone()));
  return response;
};

/** A shop of its own for one test: nothing that another test does can be seen in it. */
export type Shop = { readonly tenant: string; readonly key: string };

export const customerEmail = 'canary-customer@example.com';

export type OrderRequest = {
  readonly items: readonly { productId: string; quantity: number }[];
  readonly headers?: Record<string, string>;
  readonly body?: Record<string, unknown>;
};

export const postOrder = ({ key }: Shop, { items, headers = {}, body = {} }: OrderRequest): Promise<Answer> =>
  call('POST', '/orders', {
    headers: { 'content-type': 'application/json', 'x-storefront-key': key, ...headers },
    body: JSON.stringify({ customerEmail, items, ...body }),
  });

/** Sends an order as a careful client does: again under the same key while nobody answers or a 5xx does. */
export const postUntilAnswered = (shop: Shop, request: OrderRequest): Promise<Answer> => {
  const headers = { 'idempotency-key': randomUUID(), ...request.headers };
  const attempt = async () => {
    const answer = await postOrder(shop, { ...request, headers }).catch(() => undefined);
    return answer !== undefined && answer.status < 500 && answer.status !== 409 && answer;
  };
  return eventually('the order is answered', attempt, 120_000);
};

/** Runs `work` for 0 to `count` - 1, `atOnce` at a time: each call that waits holds a worker of the local AWS. */
export const manyAtOnce = async <Result>(
  count: number,
  work: (n: number) => Promise<Result>,
  atOnce = 40,
): Promise<Result[]> => {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const n = next;
      next += 1;
      results[n] = await work(n);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
};

type Row = Record<string, unknown>;

const query = async (TableName: string, name: string, value: string): Promise<Row | undefined> => {
  const { Items = [] } = await db.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: `${name} = :id`,
      ExpressionAttributeValues: { ':id': value },
    }),
  );
  return Items[0];
};

/** The rows that one order has in each service's table. */
export const rowsOf = ({ tenant }: Shop) => ({
  order: (orderId: string) => query('orders', 'orderId', `${tenant}#${orderId}`),
  reservation: (orderId: string) => query('reservations', 'orderId', `${tenant}#${orderId}`),
  bill: (orderId: string) => query('billing', 'billingId', `${tenant}#BILL-${orderId}`),
  confirmation: (orderId: string) => query('notifications', 'notificationId', `${tenant}#${orderId}:1.email`),
  stock: async (productId: string): Promise<Row> => {
    const { Item = {} } = await db.send(
      new GetCommand({ TableName: 'inventory', Key: { productId: `${tenant}#${productId}` } }),
    );
    return Item;
  },
});

/** Waits until an order has this status and stock status. */
export const reaches = (shop: Shop, orderId: string, [status, stockStatus]: [string, string], timeoutMs = 90_000) =>
  eventually(
    `${orderId} is ${status} and ${stockStatus}`,
    async () => {
      const order = await rowsOf(shop).order(orderId);
      return order?.status === status && order.stockStatus === stockStatus && order;
    },
    timeoutMs,
  );

export const queueUrl = async (QueueName: string): Promise<string> => {
  const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  return QueueUrl;
};

/** How many messages of a queue are due (visible or in flight), and how many wait for their time or their next try. */
export const depthsOf = async (queueName: string) => {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: await queueUrl(queueName), AttributeNames: ['All'] }),
  );
  const held: Readonly<Record<string, string>> = Attributes;
  const [waiting = 0, inFlight = 0, notDue = 0] = ['', 'NotVisible', 'Delayed'].map((state) =>
    Number(held[`ApproximateNumberOfMessages${state}`] ?? 0),
  );
  return { due: waiting + inFlight, notDue, delaySeconds: Number(held.DelaySeconds ?? 0) };
};

export const depthOf = async (queueName: string): Promise<number> => {
  const { due, notDue } = await depthsOf(queueName);
  return due + notDue;
};

export const consumerQueues = ['inventory-queue', 'notification-queue', 'billing-queue', 'order-saga-queue'];

/** The deployed name of the function whose construct path has this part: `OrderSweep`, `InventoryTakeStock`. */
export const functionName = async (part: string): Promise<string> => {
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    const name = Functions.map(({ FunctionName = '' }) => FunctionName).find((one) => one.includes(part));
    if (name !== undefined) return name;
  }
  throw new Error(`no function is called ${part}`);
};

/** Runs the sweep now instead of at the next full minute. */
export const sweepNow = async () =>
  lambda.send(new InvokeCommand({ FunctionName: await functionName('OrderSweep'), Payload: Buffer.from('{}') }));

export type Mail = { readonly To: string[]; readonly Subject: string; readonly BodyText: string };

/** The local mailbox. */
export const mailbox = async (): Promise<Mail[]> => {
  const answer = (await (await fetch(`${endpoint}/_ministack/ses/messages`)).json()) as {
    messages: Record<string, Mail[]>;
  };
  return Object.values(answer.messages).flat();
};
