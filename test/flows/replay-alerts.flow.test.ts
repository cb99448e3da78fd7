import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { AlertView } from '../../lambda/contracts/api/alert-api';
import type { AnyEvent } from '../../lambda/contracts/events/event';
import { archiveIn, readArchive } from '../../scripts/lib/events/archive';
import { findSystem } from '../../scripts/lib/system/system';
import { db, eventually, mailbox, postUntilAnswered, rowsOf, type Shop } from '../support/flow';
import { type Person, signedIn } from '../support/flow-people';
import { sendAll } from '../support/flow-queues';
import { openShop, stock } from '../support/flow-shop';
import { flowSimulator } from '../support/payment-simulator';
import { settledQueues } from '../support/seen-empty';

jest.setTimeout(900_000);

const run = promisify(execFile);
const simulator = flowSimulator();
const since = new Date().toISOString();
let shop: Shop;
let staff: Person;
let pending = '';
let failing = '';

const hour = 3_600_000;

/** An order that is paid by card and cancelled, whose refund goes as the scenario says. */
const cancelledOrder = async (scenario: 'refund-pending' | 'refund-fails'): Promise<string> => {
  const { tenant } = shop;
  await simulator.play({ scenario, tenant, next: true, autoPay: true, delayMs: hour, times: 1000 });
  const customerEmail = `canary@${tenant}.example.com`; // of no other shop: their orders have the same codes
  const asked = { items: [{ productId: 'MOUSE', quantity: 1 }], body: { paymentMethod: 'CREDIT_CARD', customerEmail } };
  const { body } = await postUntilAnswered(shop, asked);
  const paid = async () => (await rowsOf(shop).order(body.orderId))?.status === 'CONFIRMED';
  await eventually(`${body.orderId} is paid`, paid, 120_000);
  expect((await staff.client.cancelOrder({ params: { orderId: body.orderId } })).status).toBe(200);
  return body.orderId;
};

const alertsOf = async (orderId: string): Promise<AlertView[]> => {
  const { status, body } = await staff.client.listAlerts({ query: { limit: 100 } });
  if (status !== 200) throw new Error(`${status}: ${body.detail}`);
  return body.items.filter((alert) => alert.orderId === orderId);
};

const raised = (orderId: string, type: AlertView['type']) =>
  eventually(
    `${type} of ${orderId} is raised`,
    async () => (await alertsOf(orderId)).find((alert) => alert.type === type && alert.state === 'RAISED'),
    240_000,
  );

const row = async (TableName: string, Key: Record<string, string>) =>
  (await db.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item ?? {};

/** All that a replay must leave alone. What is due, and how often a provider was asked, moves with the time. */
const effects = async () => {
  const { tenant } = shop;
  const payment = await row('payments', { paymentId: `${tenant}#PAY-${pending}` });
  const watched = await row('order-payment-store', { orderId: `${tenant}#${pending}` });
  const { status, late, cancelRequested, capturedAmount, refunds } = payment;
  return {
    payment: { status, late, cancelRequested, capturedAmount, refunds },
    watched: { alerts: watched.alerts, captures: watched.captures, refunds: watched.refunds },
    alerts: [...(await alertsOf(pending)), ...(await alertsOf(failing))],
    bills: [await rowsOf(shop).bill(pending), await rowsOf(shop).bill(failing)],
    mails: (await mailbox()).filter(({ To }) => To.includes(`canary@${tenant}.example.com`)).length,
  };
};

const archived = async (): Promise<AnyEvent[]> => {
  const events: AnyEvent[] = [];
  const period = { from: since, to: new Date().toISOString() };
  for await (const some of readArchive(await archiveIn(await findSystem()), { tenant: shop.tenant, period }))
    events.push(...some);
  return events;
};

beforeAll(async () => {
  shop = await openShop({ payments: 'online' });
  await stock(shop, 'MOUSE', 1000);
  staff = await signedIn(shop.tenant, 'staff');
});

test('P29 F-04 F-15 a replay of everything, three times, with a refund pending and alerts open and closed, changes nothing', async () => {
  pending = await cancelledOrder('refund-pending');
  failing = await cancelledOrder('refund-fails');
  await raised(pending, 'refund_missing');
  const { alertId } = (await raised(failing, 'refund_failed')) as AlertView;
  const body = { state: 'RESOLVED', note: 'paid back in cash' } as const;
  expect((await staff.client.acknowledgeAlert({ params: { alertId }, body })).status).toBe(200);
  await settledQueues();
  const before = await effects();
  expect(before.alerts.map(({ type, state }) => [type, state]).sort()).toEqual([
    ['refund_failed', 'RESOLVED'],
    ['refund_missing', 'RAISED'],
  ]);
  for (let time = 0; time < 3; time += 1) {
    await run('bash', ['scripts/run.sh', 'replay', '--from', since, '--tenant', shop.tenant, '--yes']);
    const events = (await archived()).filter(({ source }) => source === '/orders' || source === '/payments');
    await sendAll(
      'order-payment-queue',
      events.filter(({ type }) => /^(Order(Cancelled|Confirmed)|Payment(Succeeded|Refund))/.test(type)),
    );
    await settledQueues();
    expect([time, await effects()]).toEqual([time, before]);
  }
});
