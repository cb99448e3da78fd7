import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ListSubscriptionsByTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { salesCounter, salesStoreContract } from '../stores/sales-store.contract';
import { call, db, depthOf, eventually, postOrder, queueUrl, reaches, type Shop, sqs } from '../support/flow';
import { attributeOf, takeDeadLetters } from '../support/flow-queues';
import { openShop, stock } from '../support/flow-shop';
import { cdklocal } from '../support/flow-system';
import { orderCancelled, orderPlaced } from '../support/order-events';

const folder = process.env.FLOW_FOLDER ?? '';
const app = ['--app', 'npx tsx bin/storefront.ts', '--output', join(folder, 'storefront.out')];
const cdk = (name: string, ...args: string[]) =>
  cdklocal([name, ...app, ...args], {}, join(folder, `storefront-${name}.log`));

const sns = new SNSClient({});
const topicArn = 'arn:aws:sns:us-east-1:000000000000:order-events';

const listeners = async (): Promise<string[]> => {
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
  return Subscriptions.map(({ Endpoint = '' }) => Endpoint.slice(Endpoint.lastIndexOf(':') + 1)).sort();
};

const counterOf = salesCounter(db);

const order = async (shop: Shop, productId: string, quantity: number): Promise<string> => {
  const { body } = await postOrder(shop, { items: [{ productId, quantity }] });
  await reaches(shop, body.orderId, ['CONFIRMED', 'RESERVED']);
  return body.orderId;
};

const eventOf = (shop: Shop, orderId: string, productId: string, quantity: number) => {
  const { data, ...envelope } = orderPlaced(orderId);
  const lines = data.lines.map((one) => ({ ...one, productId, quantity, lineTotal: 3000 * quantity }));
  return { ...envelope, tenantid: shop.tenant, data: { ...data, lines } };
};
const confirmedAgain = (shop: Shop, orderId: string, productId: string, quantity: number) => {
  const event = eventOf(shop, orderId, productId, quantity);
  const data = { ...event.data, status: 'CONFIRMED', previousStatus: 'PENDING' };
  return { ...event, id: `${shop.tenant}/${orderId}:2`, type: 'OrderConfirmed.v2', data };
};

const publish = (event: Readonly<Record<string, unknown>> & { readonly type: string; readonly tenantid: string }) => {
  const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
  const MessageAttributes = { type: attribute(event.type), tenantId: attribute(event.tenantid) };
  return sns.send(new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify(event), MessageAttributes }));
};

let before: string[];

beforeAll(async () => {
  before = await listeners();
  await cdk('deploy', '--require-approval', 'never');
}, 180_000);

salesStoreContract('on DynamoDB', db);

describe('the storefront beside a running order system', () => {
  test('S3-41 adds one subscription, and takes none away', async () => {
    expect(await listeners()).toEqual([...before, 'sales-queue'].sort());
  });

  test('P2 an order is counted once, also when its event is sent twice more', async () => {
    const shop = await openShop();
    await stock(shop, 'MOUSE', 10);
    const orderId = await order(shop, 'MOUSE', 2);
    await eventually('the order is counted', () => counterOf(shop.tenant, 'MOUSE'));
    await publish(confirmedAgain(shop, orderId, 'MOUSE', 2));
    await publish(confirmedAgain(shop, orderId, 'MOUSE', 2));
    await order(shop, 'MOUSE', 1); // behind them in the queue
    await eventually('the next is counted', async () => (await counterOf(shop.tenant, 'MOUSE'))?.orders === 2);
    await eventually('the queue is empty', async () => (await depthOf('sales-queue')) === 0);
    expect(await counterOf(shop.tenant, 'MOUSE')).toEqual({ unitsSold: 3, orders: 2, version: 2 });
  });

  test('P12 an order that is cancelled is taken back', async () => {
    const shop = await openShop();
    await stock(shop, 'MOUSE', 10);
    const orderId = await order(shop, 'MOUSE', 2);
    await eventually('the order is counted', () => counterOf(shop.tenant, 'MOUSE'));
    const { data } = orderCancelled(orderId, { previousStatus: 'CONFIRMED' });
    const { lines } = eventOf(shop, orderId, 'MOUSE', 2).data;
    const event = { ...orderCancelled(orderId), id: `${shop.tenant}/${orderId}:3`, tenantid: shop.tenant };
    await publish({ ...event, data: { ...data, lines } });
    await eventually('it is taken back', async () => (await counterOf(shop.tenant, 'MOUSE'))?.orders === 0);
    expect(await counterOf(shop.tenant, 'MOUSE')).toEqual({ unitsSold: 0, orders: 0, version: 2 });
  });

  test("P6 what it cannot read waits in the order system's dead-letter queue, with its reason", async () => {
    const body = JSON.stringify({ broken: Date.now() });
    await sqs.send(new SendMessageCommand({ QueueUrl: await queueUrl('sales-queue'), MessageBody: body }));
    const found: (string | undefined)[][] = [];
    await eventually('it is dead-lettered', async () => {
      await takeDeadLetters(
        ({ Body }) => Body === body,
        async (message) => {
          found.push(['consumer', 'sourceQueue', 'errorName'].map((name) => attributeOf(message, name)));
        },
      );
      return found.length > 0;
    });
    expect(found).toEqual([['sales', 'sales-queue', 'UnreadableMessageError']]);
  });
});

describe('the order system once the storefront is gone', () => {
  beforeAll(() => cdk('destroy', '--force'), 180_000);

  test('S3-41 the subscription went with it, and no other', async () => {
    expect(await listeners()).toEqual(before);
    const stack = new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName: 'StorefrontStack' }));
    await expect(stack).rejects.toThrow(/does not exist/);
  });

  test('S0-42 the order system goes on: the next order is confirmed, and it is healthy', async () => {
    const shop = await openShop();
    await stock(shop, 'MOUSE', 10);
    expect(await order(shop, 'MOUSE', 1)).toBe('ORD-000001');
    expect((await call('GET', '/health')).status).toBe(200);
  });
});
