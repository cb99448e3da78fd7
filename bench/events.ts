import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Call, Item } from './stub-aws';

/** What the bench orders: one line of one product, to an address of usual length, each customer to one of its own. */
export const orderBody = (productId = 'PROD-002', customer = 0) => ({
  customerId: 'customer-0042',
  customerEmail: `hanako.${String(customer).padStart(6, '0')}@example.com`, // as long as hanako.yamada's
  items: [{ productId, quantity: 1 }],
  shippingAddress: { name: '山田 花子', street: '神南1-2-3', city: '渋谷区', postalCode: '150-0041', country: 'JP' },
  paymentMethod: 'CREDIT_CARD',
});

/** What API Gateway hands to the order function. */
export const apiEvent = (body: unknown, headers: Record<string, string> = {}) => ({
  httpMethod: 'POST',
  path: '/orders',
  resource: '/orders',
  headers: {
    'content-type': 'application/json',
    'x-amzn-trace-id': 'Root=1-5759e988-bd862e3fe1be46a994272793',
    ...headers,
  },
  pathParameters: null,
  queryStringParameters: null,
  isBase64Encoded: false,
  requestContext: { requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef', stage: 'bench' },
  body: JSON.stringify(body),
});

type GetRequest = {
  readonly resource: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** What the authorizer said of the caller. */
  readonly authorizer?: Readonly<Record<string, string>>;
};

/** What API Gateway hands to a function that only reads. */
export const getEvent = ({ resource, pathParameters, query, authorizer = {} }: GetRequest) => {
  const event = apiEvent({});
  return {
    ...event,
    httpMethod: 'GET',
    path: resource,
    resource,
    pathParameters: pathParameters ?? null,
    queryStringParameters: query ?? null,
    requestContext: { ...event.requestContext, authorizer },
    body: null,
  };
};

/** What the stream hands to a relay. */
export const streamEvent = (images: readonly { before?: Item | undefined; after: Item }[]) => ({
  Records: images.map(({ before, after }) => ({
    eventName: before === undefined ? 'INSERT' : 'MODIFY',
    dynamodb: {
      ApproximateCreationDateTime: Date.now() / 1000,
      NewImage: after,
      ...(before ? { OldImage: before } : {}),
    },
  })),
});

export type Message = { readonly body: string; readonly type: string };

/** The messages that a call published. */
export const published = ({ operation, body }: Call): Message[] => {
  if (operation !== 'SNS.PublishBatch') return [];
  const entries = Object.keys(body).filter((name) => /^PublishBatchRequestEntries\.member\.\d+\.Message$/.test(name));
  return entries.map((name) => ({ body: body[name], type: JSON.parse(body[name]).type }));
};

let messages = 0;

/** What a queue hands to its consumer. */
export const queueEvent = (queueName: string, batch: readonly Message[]) => ({
  Records: batch.map(({ body, type }) => {
    messages += 1;
    return {
      messageId: `message-${messages}`,
      receiptHandle: `receipt-${messages}`,
      body,
      attributes: { ApproximateReceiveCount: '1' },
      messageAttributes: { type: { dataType: 'String', stringValue: type } },
      eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queueName}`,
    };
  }),
});

type Reserve = { Update: { TableName: string; Key: Item; ExpressionAttributeValues: Item } };

const value = (values: Item, name: string): AttributeValue => values[name] as AttributeValue;

/** The new rows of the reservations table that a transaction wrote, as its stream shows them. */
export const reservationImages = ({ operation, body }: Call): Item[] => {
  if (operation !== 'DynamoDB.TransactWriteItems') return [];
  return (body.TransactItems as Reserve[])
    .filter(({ Update }) => Update.TableName === 'reservations')
    .map(({ Update: { Key, ExpressionAttributeValues: values } }) => ({
      ...Key,
      state: value(values, ':state'),
      lines: value(values, ':lines'),
      fact: value(values, ':fact'),
      updatedAt: value(values, ':now'),
      version: { N: '1' },
    }));
};

/** How many writes of stock a transaction holds. */
export const stockWrites = ({ operation, body }: Call): number =>
  operation === 'DynamoDB.TransactWriteItems'
    ? (body.TransactItems as Reserve[]).filter(({ Update }) => Update.TableName === 'inventory').length
    : 0;

/** Splits into parts of at most `size`. */
export const inBatches = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));
