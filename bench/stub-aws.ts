import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

/** One call to AWS as it went over the wire. */
export type Call = {
  /** `DynamoDB.PutItem`, `SNS.PublishBatch`, … */
  readonly operation: string;
  // biome-ignore lint/suspicious/noExplicitAny: the wire form of any call
  readonly body: any;
  /** The item that a `PutItem` replaced. */
  readonly replaced?: Item;
};

export const readBody = async (message: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
};

const services: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'DynamoDB',
  secretsmanager: 'SecretsManager',
  AmazonSQS: 'SQS',
  TrentService: 'KMS',
};
const formServices: Readonly<Record<string, string>> = {
  PublishBatch: 'SNS',
  Publish: 'SNS',
  SendEmail: 'SES',
  AssumeRole: 'STS',
};

/** Names the call and takes its body apart, whatever its protocol. */
const readCall = (target: string | undefined, text: string): Call => {
  if (target !== undefined) {
    const [service = '', operation = ''] = target.split('.');
    return { operation: `${services[service] ?? service}.${operation}`, body: JSON.parse(text) };
  }
  const body = Object.fromEntries(new URLSearchParams(text));
  return { operation: `${formServices[body.Action ?? ''] ?? 'AWS'}.${body.Action}`, body };
};

const product = (key: AttributeValue): Item => ({
  productId: key,
  name: { S: 'ワイヤレスマウス' },
  price: { N: '3000' },
  currency: { S: 'JPY' },
  taxRateBps: { N: '1000' },
  onSale: { BOOL: true },
});

const at = { S: '2026-11-01T00:00:00.000Z' };

/** A row of the catalog itself, which the order service's copy is made of. */
const catalogProduct = (key: AttributeValue): Item => ({
  ...product(key),
  description: { S: '静音ボタンと充電池つき' },
  categories: { L: [{ S: 'mice' }] },
  status: { BOOL: true },
  life: { S: 'active' },
  images: { L: [] },
  ordered: { BOOL: true },
  stockVersion: { N: '3' },
  createdAt: at,
  updatedAt: at,
  version: { N: '4' },
  fact: { M: { type: { S: 'ProductUpdated' }, correlationId: { S: 'correlation-1' } } },
});

const user = (key: AttributeValue): Item => ({
  userId: key,
  email: { S: 'hanako.yamada@example.com' },
  emailVerified: { BOOL: true },
  status: { S: 'ACTIVE' },
  roles: { M: { customer: at } },
  endedSessions: { L: [] },
  createdAt: at,
  updatedAt: at,
  version: { N: '1' },
  correlationId: { S: 'correlation-1' },
  fact: { M: { type: { S: 'UserProfileCreated' } } },
});

const productOf = (table: string) => (table === 'products' ? catalogProduct : product);

const pageOfProducts = Array.from({ length: 20 }, (_, n) => ({
  productId: { S: `default#PROD-${String(n).padStart(3, '0')}` },
}));

const dataKey = Buffer.alloc(32, 1).toString('base64');

const isKeyOf = (name: string) => (key: Item) => name in key;

/** Users, products, and what was put: enough of DynamoDB to answer every call of the way of an order or of a page. */
const dynamo = () => {
  const rows = new Map<string, Item>();
  let numbers = 0;
  const batchGet = ({ RequestItems }: { RequestItems: Record<string, { Keys: Item[] }> }) => ({
    Responses: Object.fromEntries(
      Object.entries(RequestItems).map(([name, { Keys }]) => [
        name,
        Keys.filter(isKeyOf('productId')).map(({ productId }) => productOf(name)(productId as AttributeValue)),
      ]),
    ),
  });
  // biome-ignore lint/suspicious/noExplicitAny: the wire form of any call
  const answers: Record<string, (body: any) => unknown> = {
    'DynamoDB.BatchGetItem': batchGet,
    'DynamoDB.UpdateItem': ({ ExpressionAttributeValues }) => {
      numbers += Number(ExpressionAttributeValues[':size']?.N ?? 0);
      return { Attributes: { lastNumber: { N: String(numbers) } } };
    },
    'DynamoDB.BatchExecuteStatement': ({ Statements }) => ({ Responses: Statements.map(() => ({})) }),
    'DynamoDB.PutItem': ({ Item }) => {
      rows.set(String((Item.orderId ?? Item.keyId)?.S), Item);
      return {};
    },
    'DynamoDB.TransactWriteItems': ({ TransactItems }: { TransactItems: { Put?: { Item: Item } }[] }) => {
      for (const { Put } of TransactItems) if (Put !== undefined) rows.set(String(Put.Item.orderId?.S), Put.Item);
      return {};
    },
    'DynamoDB.GetItem': ({ Key }) => ('userId' in Key ? { Item: user(Key.userId) } : { Item: rows.get(Key.keyId?.S) }),
    'DynamoDB.Query': ({ ExpressionAttributeValues }) => {
      if (':list' in ExpressionAttributeValues) return { Items: pageOfProducts };
      const row = rows.get(String(ExpressionAttributeValues[':id']?.S));
      return { Items: row === undefined ? [] : [row] };
    },
    'KMS.GenerateDataKey': () => ({ Plaintext: dataKey, CiphertextBlob: dataKey }),
    'KMS.Decrypt': () => ({ Plaintext: dataKey }),
    'SecretsManager.GetSecretValue': () => ({
      SecretString: 'a secret of sixty-four characters, long enough to sign tokens with',
    }),
  };
  return { answers, rows };
};

const credentials =
  '<Credentials><AccessKeyId>test</AccessKeyId><SecretAccessKey>test</SecretAccessKey><SessionToken>test</SessionToken>' +
  '<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>';

const resultOf = (operation: string, text: string): string => {
  if (operation === 'STS.AssumeRole') return credentials;
  if (operation !== 'SNS.PublishBatch') return '<MessageId>m-1</MessageId>';
  const entries = [...new URLSearchParams(text)].filter(([name]) => name.endsWith('.Id'));
  const results = entries.map(([, id]) => `<member><Id>${id}</Id><MessageId>m-${id}</MessageId></member>`).join('');
  return `<Successful>${results}</Successful><Failed/>`;
};

const xml = (operation: string, { Action = '' }, text: string) =>
  `<${Action}Response><${Action}Result>${resultOf(operation, text)}</${Action}Result><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></${Action}Response>`;

export type StubOptions = {
  /** The issuer's public keys, which it answers any GET with. @default none */
  readonly keys?: unknown;
  /** Orders that are there already. @default none */
  readonly orders?: readonly Item[];
};

type Dynamo = ReturnType<typeof dynamo>;

/** What was called, with what it replaces. */
const callOf = ({ headers }: IncomingMessage, text: string, { rows }: Dynamo): Call => {
  const target = headers['x-amz-target'];
  const call = readCall(target === undefined ? undefined : String(target), text);
  const replaced = call.operation === 'DynamoDB.PutItem' ? rows.get(String(call.body.Item.orderId?.S)) : undefined;
  return replaced === undefined ? call : { ...call, replaced };
};

type Answered = { readonly type: string; readonly text: string };

const answerTo = ({ headers }: IncomingMessage, { operation, body }: Call, text: string, stub: Dynamo): Answered => {
  if (headers['x-amz-target'] === undefined) return { type: 'text/xml', text: xml(operation, body, text) };
  const type = headers['content-type'] ?? 'application/x-amz-json-1.0';
  return { type, text: JSON.stringify(stub.answers[operation]?.(body) ?? {}) };
};

/** An AWS on loopback that answers at once and the same way always, and notes every call. */
export const startStubAws = async ({ keys = {}, orders = [] }: StubOptions = {}) => {
  const stub = dynamo();
  for (const order of orders) stub.rows.set(String(order.orderId?.S), order);
  let calls: Call[] = [];
  const answer = (request: IncomingMessage, text: string): Answered => {
    if (request.method === 'GET') return { type: 'application/json', text: JSON.stringify(keys) };
    const call = callOf(request, text, stub);
    calls.push(call);
    return answerTo(request, call, text, stub);
  };
  const server = createServer(async (request, response) => {
    const { type, text } = answer(request, await readBody(request));
    response.writeHead(200, { 'content-type': type }).end(text);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The calls since it was asked last. */
    take: (): Call[] => {
      const taken = calls;
      calls = [];
      return taken;
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};

export type StubAws = Awaited<ReturnType<typeof startStubAws>>;
