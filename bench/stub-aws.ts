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

const bodyOf = async (message: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
};

const services: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'DynamoDB',
  secretsmanager: 'SecretsManager',
  AmazonSQS: 'SQS',
};
const formServices: Readonly<Record<string, string>> = { PublishBatch: 'SNS', Publish: 'SNS', SendEmail: 'SES' };

/** Names the call and takes its body apart, whatever its protocol. */
export const readCall = (target: string | undefined, text: string): Call => {
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

const isKeyOf = (name: string) => (key: Item) => name in key;

/** A table of nothing but products and what was put: enough of DynamoDB to answer every call of the order's way. */
const dynamo = () => {
  const rows = new Map<string, Item>();
  let numbers = 0;
  const batchGet = ({ RequestItems }: { RequestItems: Record<string, { Keys: Item[] }> }) => ({
    Responses: Object.fromEntries(
      Object.entries(RequestItems).map(([name, { Keys }]) => [
        name,
        Keys.filter(isKeyOf('productId')).map(({ productId }) => product(productId as AttributeValue)),
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
      rows.set(String(Item.orderId?.S), Item);
      return {};
    },
    'DynamoDB.TransactWriteItems': ({ TransactItems }: { TransactItems: { Put?: { Item: Item } }[] }) => {
      for (const { Put } of TransactItems) if (Put !== undefined) rows.set(String(Put.Item.orderId?.S), Put.Item);
      return {};
    },
    'DynamoDB.Query': ({ ExpressionAttributeValues }) => {
      const row = rows.get(String(ExpressionAttributeValues[':id']?.S));
      return { Items: row === undefined ? [] : [row] };
    },
    'SecretsManager.GetSecretValue': () => ({
      SecretString: 'a secret of sixty-four characters, long enough to sign tokens with',
    }),
  };
  return { answers, rows };
};

const xml = (operation: string, { Action = '' }, text: string) => {
  const entries = [...new URLSearchParams(text)].filter(([name]) => name.endsWith('.Id'));
  const results = entries.map(([, id]) => `<member><Id>${id}</Id><MessageId>m-${id}</MessageId></member>`).join('');
  const result =
    operation === 'SNS.PublishBatch' ? `<Successful>${results}</Successful><Failed/>` : '<MessageId>m-1</MessageId>';
  return `<${Action}Response><${Action}Result>${result}</${Action}Result><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></${Action}Response>`;
};

/** An AWS on loopback that answers at once and the same way always, and notes every call. */
export const startStubAws = async () => {
  const { answers, rows } = dynamo();
  let calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const text = await bodyOf(request);
    const target = request.headers['x-amz-target'];
    const call = readCall(target === undefined ? undefined : String(target), text);
    const { operation, body } = call;
    const replaced = operation === 'DynamoDB.PutItem' ? rows.get(String(body.Item.orderId?.S)) : undefined;
    calls.push(replaced === undefined ? call : { ...call, replaced });
    if (target === undefined)
      return response.writeHead(200, { 'content-type': 'text/xml' }).end(xml(operation, body, text));
    const type = request.headers['content-type'] ?? 'application/x-amz-json-1.0';
    return response.writeHead(200, { 'content-type': type }).end(JSON.stringify(answers[operation]?.(body) ?? {}));
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
