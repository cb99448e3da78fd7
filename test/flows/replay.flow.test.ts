import { spawn } from 'node:child_process';
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { AnyEvent } from '../../lambda/contracts/events/event';
import { openMouseShop, seedOrder } from '../../scripts/lib/demo/mouse-shop';
import { archiveIn, readArchive } from '../../scripts/lib/events/archive';
import { findSystem } from '../../scripts/lib/system/system';
import { db, eventually, mailbox, reaches, rowsOf, type Shop } from '../support/flow';
import { openTenantByApi, type Person, signedIn } from '../support/flow-people';
import { attributeOf, deadLetters } from '../support/flow-queues';
import { settledQueues } from '../support/seen-empty';

jest.setTimeout(400_000);

const since = new Date().toISOString();
let shop: Shop;
let staff: Person;
let customer: Person;
const orders: Record<'confirmed' | 'shipped' | 'returned' | 'cancelled' | 'paid' | 'refunded', string[]> = {
  confirmed: [],
  shipped: [],
  returned: [],
  cancelled: [],
  paid: [],
  refunded: [],
};
const all = () => Object.values(orders).flat();

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs a script as an operator does, without a terminal. */
const run = (name: 'replay' | 'audit', ...args: string[]): Promise<Ended> =>
  new Promise((done, fail) => {
    const child = spawn('bash', ['scripts/run.sh', name, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { out: '', err: '' };
    child.stdout.on('data', (text) => (said.out += text));
    child.stderr.on('data', (text) => (said.err += text));
    child.on('error', fail);
    child.on('close', (code) => done({ code, ...said }));
  });

const succeeds = async (...args: Parameters<typeof run>): Promise<string> => {
  const { code, out, err } = await run(...args);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${out}${err}`);
  return out;
};

const { customerId: _, ...ordered } = seedOrder;

const place = async (): Promise<string> => {
  const { orderId } = await eventually('the order is accepted', async () => {
    const { status, body } = await customer.client.placeOrder({ body: ordered });
    return status === 201 && body;
  });
  await reaches(shop, orderId, ['CONFIRMED', 'RESERVED']);
  return orderId;
};

const move = async (orderId: string, ...statuses: string[]) => {
  for (const status of statuses)
    expect(await staff.client.updateOrderStatus({ params: { orderId }, body: { status } })).toMatchObject({
      status: 200,
    });
};

const giveBack = async (orderId: string) => {
  const body = { items: [{ productId: 'PRD-001', quantity: 2 }], reason: 'it clicks twice' };
  const asked = await eventually('the delivery is known', async () => {
    const answer = await customer.client.requestReturn({ params: { orderId }, body });
    return answer.status === 201 && answer.body;
  });
  for (const status of ['APPROVED', 'COMPLETED'])
    await staff.client.updateReturn({ params: { returnId: asked.returnId }, body: { status } });
};

const reachesPayment = (orderId: string, paymentStatus: string) =>
  eventually(
    `the payment of ${orderId} is ${paymentStatus}`,
    async () => (await rowsOf(shop).order(orderId))?.paymentStatus === paymentStatus,
    180_000,
  );

/** From now on orders are paid before they are confirmed; the customer has money with the shop. */
const takePayments = async () => {
  const { tenant } = shop;
  const platform = await signedIn('default', 'platform-admin');
  const opened = await platform.client.updateTenant({ params: { tenantId: tenant }, body: { payments: 'online' } });
  expect(opened.status).toBe(200);
  const balance = await customer.client.getBalance({});
  const { userId } = balance.status === 200 ? balance.body : { userId: '' };
  const topUp = {
    params: { userId },
    headers: { 'Idempotency-Key': 'top-up-1' },
    body: { amount: 500, currency: 'USD' },
  };
  expect((await staff.client.topUpAccount(topUp)).status).toBe(201);
};

/** Places an order that is paid from the balance. One that was placed before the shop's new way was known is cancelled. */
const pay = async (): Promise<string> => {
  const body = { ...ordered, paymentMethod: 'ACCOUNT_BALANCE' };
  const orderId = await eventually('an order waits for its payment', async () => {
    const placed = await customer.client.placeOrder({ body });
    if (placed.status !== 201) throw new Error(`not placed: ${JSON.stringify(placed.body)}`);
    if (placed.body.paymentStatus === 'WAITING_PAYMENT') return placed.body.orderId;
    orders.cancelled.push(placed.body.orderId);
    await customer.client.cancelOrder({ params: { orderId: placed.body.orderId } });
    return undefined;
  });
  await reachesPayment(orderId, 'PAID');
  await reaches(shop, orderId, ['CONFIRMED', 'RESERVED']);
  return orderId;
};

type Row = Record<string, unknown>;

/** Every row of the shop in every table, by table. Requests that were counted are nobody's effect. */
const effects = async (): Promise<Record<string, Row[]>> => {
  const tables: Record<string, Row[]> = {};
  for await (const { TableNames = [] } of paginateListTables({ client: new DynamoDBClient({}) }, {})) {
    for (const TableName of TableNames.filter((name) => name !== 'rate-limits')) {
      const rows: Row[] = [];
      for await (const { Items = [] } of paginateScan({ client: db }, { TableName, ConsistentRead: true }))
        rows.push(...Items.filter((item) => JSON.stringify(item).includes(shop.tenant)));
      tables[TableName] = rows.sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));
    }
  }
  return tables;
};

const withoutVersions = (rows: readonly Row[] = []) =>
  rows.map(({ version: _v, updatedAt: _u, fact: _f, cause: _c, ...row }) => row);

/** What is known of payments, without which of the events that say the same was heard last. */
const withoutHearing = (rows: readonly Row[] = []) =>
  withoutVersions(rows).map(({ refunds, ...row }) => ({
    ...row,
    refunds: Object.values(Object(refunds)).map((refund) => ({ ...Object(refund), version: undefined })),
  }));

/**
 * Asked again, inventory and payment answer again: the version of a reservation or of a payment that is over rises, so that
 * its event is published again, and nothing else of it changes.
 */
const withoutAnswers = ({
  reservations,
  payments,
  'order-payment-store': watched,
  ...rest
}: Record<string, Row[]>) => ({
  ...rest,
  reservations: withoutVersions(reservations),
  payments: withoutVersions(payments),
  'order-payment-store': withoutHearing(watched),
});

const archived = async (): Promise<AnyEvent[]> => {
  const archive = await archiveIn(await findSystem());
  const events: AnyEvent[] = [];
  const period = { from: since, to: new Date().toISOString() };
  for await (const some of readArchive(archive, { tenant: shop.tenant, period })) events.push(...some);
  return events;
};

/** Waits until everything that the tables tell is told, archived and done with. */
const settled = () =>
  settledQueues(async (direct) => {
    let last = '';
    await eventually(
      'all that reservations tell is archived, and nothing changes any more',
      async () => {
        const ids = new Set((await archived()).map(({ id, source }) => `${source} ${id}`));
        const reservations = await Promise.all(all().map((orderId) => rowsOf(shop).reservation(orderId)));
        const told = reservations.every((row, index) =>
          ids.has(`/inventory ${shop.tenant}/${all()[index]}:${row?.version}`),
        );
        if (!told) return false;
        await direct();
        const before = last;
        last = JSON.stringify(await effects());
        return last === before;
      },
      180_000,
    );
  });

const mails = async () => (await mailbox()).filter(({ To }) => To.includes(customer.email)).length;

beforeAll(async () => {
  shop = { tenant: await openTenantByApi(), key: '' };
  [staff, customer] = [await signedIn(shop.tenant, 'staff'), await signedIn(shop.tenant, 'customer')];
  await openMouseShop(staff.client, 60);
  for (const kind of ['confirmed', 'shipped', 'returned', 'cancelled'] as const)
    orders[kind].push(await place(), await place());
  for (const orderId of [...orders.shipped, ...orders.returned]) await move(orderId, 'PROCESSING', 'SHIPPED');
  for (const orderId of orders.returned) {
    await reaches(shop, orderId, ['SHIPPED', 'DEDUCTED']);
    await move(orderId, 'DELIVERED');
    await giveBack(orderId);
  }
  for (const orderId of orders.cancelled)
    expect(await customer.client.cancelOrder({ params: { orderId } })).toMatchObject({ status: 200 });
  await takePayments();
  orders.paid.push(await pay());
  orders.refunded.push(await pay());
  for (const orderId of orders.refunded) {
    expect(await customer.client.cancelOrder({ params: { orderId } })).toMatchObject({ status: 200 });
    await reachesPayment(orderId, 'REFUNDED');
  }
  for (const orderId of orders.shipped) await reaches(shop, orderId, ['SHIPPED', 'DEDUCTED']);
  for (const orderId of orders.returned) await reaches(shop, orderId, ['RETURNED', 'DEDUCTED']);
  for (const orderId of orders.cancelled) await reaches(shop, orderId, ['CANCELLED', 'RELEASED']);
  await settled();
});

test('S2-39 every event that the shop published is archived, once', async () => {
  const events = await archived();
  const [returned = ''] = orders.returned;
  const own = events.filter(({ subject }) => subject === returned).map(({ type }) => type);
  expect(own.sort()).toEqual([
    'OrderCompleted.v1',
    'OrderConfirmed.v2',
    'OrderDelivered.v2',
    'OrderPlaced.v2',
    'OrderProcessing.v2',
    'OrderReturned.v2',
    'OrderShipped.v2',
    'StockDeducted.v1',
    'StockReserved.v1',
  ]);
  const others = new Set(events.map(({ source }) => source));
  expect([...others]).toEqual(
    expect.arrayContaining(['/orders', '/inventory', '/payments', '/products', '/tenants', '/users', '/returns']),
  );
});

test('S2-39 P2 P7 replaying everything to every consumer, twice, changes nothing', async () => {
  const [before, mailed] = [await effects(), await mails()];
  expect(before.reservations).toHaveLength(all().length);
  expect(before.payments?.map(({ status }) => status).sort()).toEqual(['COMPLETED', 'REFUNDED']);
  for (const time of ['once', 'twice']) {
    const said = await succeeds('replay', '--from', since, '--tenant', shop.tenant, '--yes');
    for (const queue of [
      'billing-queue',
      'inventory-queue',
      'notification-queue',
      'order-saga-queue',
      'order-copy-queue',
    ])
      expect([time, said]).toEqual([time, expect.stringContaining(queue)]);
    await settled();
    const after = await effects();
    expect(withoutAnswers(after)).toEqual(withoutAnswers(before));
    expect(await mails()).toBe(mailed);
  }
  const versions = new Map(before.reservations?.map(({ orderId, version }) => [orderId, Number(version)]));
  for (const { orderId, version } of (await effects()).reservations ?? [])
    expect([orderId, Number(version)]).not.toEqual([orderId, versions.get(orderId)]); // it was asked again
  const refused = await deadLetters(
    (message) => (message.Body ?? '').includes(shop.tenant) && attributeOf(message, 'consumer') !== undefined,
  );
  expect(refused.map(({ MessageAttributes }) => MessageAttributes)).toEqual([]); // what SQS parks, a busy machine cut short
});

test('S2-39 one order to one consumer, and a dry run that sends nothing', async () => {
  const [orderId = ''] = orders.cancelled;
  const args = ['--order', orderId, '--tenant', shop.tenant, '--consumer', 'billing'];
  const rows = /billing-queue +OrderCancelled\.v2 +1\n.*billing-queue +OrderPlaced\.v2 +1\n/;
  const rehearsed = await succeeds('replay', ...args, '--dry-run');
  expect(rehearsed).toMatch(rows);
  expect(rehearsed).toContain('nothing was sent');
  const replayed = await succeeds('replay', ...args);
  expect(replayed).toMatch(rows);
  expect(replayed).not.toContain('inventory-queue');
  await settled();
  expect(await rowsOf(shop).bill(orderId)).toMatchObject({ status: 'void' });
});

test('S2-39 P2 a consumer that lost its rows has them again after a replay', async () => {
  const [orderId = ''] = orders.confirmed;
  const bill = await rowsOf(shop).bill(orderId);
  if (bill === undefined) throw new Error('there is no bill');
  const { billingId } = bill;
  await db.send(new DeleteCommand({ TableName: 'billing', Key: { billingId, orderId: bill.orderId } }));
  await succeeds('replay', '--order', orderId, '--tenant', shop.tenant, '--consumer', 'billing');
  const again = await eventually('the bill is back', async () => (await rowsOf(shop).bill(orderId)) ?? false);
  expect(again).toMatchObject({ billingId, status: bill.status, amount: bill.amount });
});

test('S2-39 P14 the audit log says who did what, from where, before and after, and nothing of the customer', async () => {
  const [orderId = ''] = orders.cancelled;
  const entries = JSON.parse(await succeeds('audit', '--order', orderId, '--tenant', shop.tenant, '--json'));
  const cancelled = entries.find(({ what }: { what: string }) => what === 'OrderCancelled');
  expect(cancelled).toMatchObject({
    from: expect.stringMatching(/^127\.0\.0\.0\/24$|::\/48$/),
    of: `/orders ${orderId}`,
    changes: expect.arrayContaining([{ field: 'status', before: 'CONFIRMED', after: 'CANCELLED' }]),
  });
  const placed = entries.find(({ what }: { what: string }) => what === 'OrderPlaced');
  expect(placed.who).toBe(cancelled.who); // the same customer
  const by = JSON.parse(await succeeds('audit', '--actor', cancelled.who, '--tenant', shop.tenant, '--json'));
  const deeds = by.map(({ what }: { what: string }) => what);
  expect(deeds).toEqual(
    expect.arrayContaining(['OrderPlaced', 'OrderCancelled', 'ReturnRequested', 'UserProfileCreated']),
  );
  expect(deeds).not.toContain('OrderShipped');
  const product = await succeeds('audit', '--product', 'PRD-001', '--tenant', shop.tenant);
  expect(product).toMatch(/ProductCreated +\/products PRD-001 +.*price 2999/);
  expect(JSON.stringify([entries, by, product])).not.toMatch(/@|example\.com|Main St/);
});

test('more than a day to everybody is sent only once somebody agrees', async () => {
  const { code, err } = await run('replay', '--from', '2020-01-01');
  expect([code, err]).toEqual([1, expect.stringContaining('Nobody is there to answer: say --yes.')]);
});

test('a consumer that nobody knows is refused with the names of those there are', async () => {
  const { code, err } = await run('replay', '--from', since, '--consumer', 'bill');
  expect([code, err]).toEqual([2, expect.stringMatching(/no consumer of events has this name; there are .*billing/)]);
});

test('an order that the archive does not have ends with 1', async () => {
  const { code, err } = await run('replay', '--order', 'ORD-999999', '--tenant', shop.tenant);
  expect([code, err]).toEqual([1, expect.stringContaining('The archive has nothing that fits')]);
});
