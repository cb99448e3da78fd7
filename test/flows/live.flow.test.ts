import { spawn } from 'node:child_process';
import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { subscriptionOf } from '../../lambda/live/connection';
import { connectionStore } from '../../lambda/live/connection.store';
import { call, db, eventually, type Shop } from '../support/flow';
import {
  connect,
  connectLive,
  follow,
  guestOf,
  type LiveConnection,
  openStockedShop,
  type Placed,
  place,
  placeConfirmed,
} from '../support/flow-live';
import { openTenantByApi, signedIn } from '../support/flow-people';
import { sendAll } from '../support/flow-queues';
import { stock } from '../support/flow-shop';
import { unreadable, wrongFields } from '../support/hostile-frames';
import { orderConfirmed } from '../support/live-events';

const table = 'live-connections';
const followers = async (tenant: string, what: string) => {
  const { Items = [] } = await db.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'subject = :subject',
      ExpressionAttributeValues: { ':subject': `${tenant}#${what}` },
    }),
  );
  return Items;
};

const versionsOf = (connection: LiveConnection) => connection.pushes().map(({ version }) => version);

const pushed = (connection: LiveConnection, version: number) =>
  eventually(`version ${version} is pushed`, async () => versionsOf(connection).includes(version));

describe('S2-30 live status', () => {
  let shop: Shop;
  let placed: Placed;

  beforeAll(async () => {
    shop = await openStockedShop();
    placed = await placeConfirmed(shop);
  }, 120_000);

  test('a guest sees their order change, through the whole system', async () => {
    const { guest, answer } = await guestOf(placed);
    expect(answer.order).toMatchObject({ status: 'CONFIRMED', stockStatus: 'RESERVED' });
    const headers = { 'x-storefront-key': shop.key, 'x-tracking-token': placed.trackingToken };
    const cancelled = await call('POST', `/orders/${placed.orderId}/cancel`, { headers });
    expect(cancelled.status).toBe(200);
    await pushed(guest, cancelled.body.version);
    expect(guest.pushes().at(-1)).toMatchObject({
      orderId: placed.orderId,
      event: 'OrderCancelled',
      status: 'CANCELLED',
      reason: 'by-customer',
    });
  });

  test('after a gap a client goes on from the version that it knows', async () => {
    const order = await placeConfirmed(shop);
    const { guest, answer } = await guestOf(order);
    const version = answer.order?.version ?? 0;
    await guest.close();
    const again = await connect({ storefrontKey: shop.key });
    expect((await follow(again, order, { sinceVersion: version })).order).toBeUndefined();
    await again.close();
    const headers = { 'x-storefront-key': shop.key, 'x-tracking-token': order.trackingToken };
    await call('POST', `/orders/${order.orderId}/cancel`, { headers });
    const later = await connect({ storefrontKey: shop.key });
    const { order: missed } = await follow(later, order, { sinceVersion: version });
    expect(missed).toMatchObject({ status: 'CANCELLED' });
    expect(missed?.version).toBeGreaterThan(version);
  });

  test('whoever has no WebSocket waits for a version, and is answered when it comes', async () => {
    const order = await place(shop);
    const headers = { 'x-storefront-key': shop.key, 'x-tracking-token': order.trackingToken };
    const { status, body } = await call('GET', `/orders/${order.orderId}?waitForVersion=2`, { headers });
    expect(status).toBe(200);
    expect(body.version).toBeGreaterThanOrEqual(2);
  });

  test('a connection whose token has expired is told so once, and then nothing', async () => {
    const order = await placeConfirmed(shop);
    const { guest } = await guestOf(order);
    const [row] = await followers(shop.tenant, order.orderId);
    const Key = { subject: row?.subject, connectionId: row?.connectionId };
    await db.send(
      new UpdateCommand({
        TableName: table,
        Key,
        UpdateExpression: 'SET validUntil = :past',
        ExpressionAttributeValues: { ':past': '2026-01-01T00:00:00.000Z' },
      }),
    );
    await sendAll('live-queue', [orderConfirmed(shop.tenant, order.orderId, 101)]);
    await eventually('it is told', async () => guest.frames.some((frame) => frame.type === 'error'));
    await eventually('its rows are gone', async () => (await followers(shop.tenant, order.orderId)).length === 0);
    const other = (await guestOf(order)).guest;
    await sendAll('live-queue', [orderConfirmed(shop.tenant, order.orderId, 102)]);
    await pushed(other, 102);
    expect(guest.frames.slice(1)).toEqual([
      { type: 'error', problem: 'InvalidToken', detail: 'The token has expired. Connect again with a new one.' },
    ]);
  });

  test('what a dead connection has left is cleaned up by the next push', async () => {
    const order = await placeConfirmed(shop);
    const connections = connectionStore(table, db);
    const dead = {
      connectionId: `dead-${order.orderId}`,
      tenant: trustedTenant(shop.tenant),
      scope: 'own',
      validUntil: '2099-01-01T00:00:00.000Z',
    } as const;
    await connections.open(dead);
    await connections.subscribe(subscriptionOf(dead, { orderId: order.orderId }));
    await sendAll('live-queue', [orderConfirmed(shop.tenant, order.orderId, 101)]);
    await eventually('it is gone', async () => (await followers(shop.tenant, order.orderId)).length === 0);
    expect(await connections.countFrame(dead.connectionId, new Date())).toBeUndefined();
  });

  test('whoever leaves is forgotten', async () => {
    const order = await placeConfirmed(shop);
    const { guest } = await guestOf(order);
    expect(await followers(shop.tenant, order.orderId)).toHaveLength(1);
    await guest.close();
    await eventually('it is forgotten', async () => (await followers(shop.tenant, order.orderId)).length === 0);
  });

  test('credentials that are good for nothing open no connection', async () => {
    await expect(connectLive({ token: 'e30.e30.x' })).rejects.toThrow(/Unexpected server response: 4\d\d/);
    await expect(connectLive({ storefrontKey: 'unknown' })).rejects.toThrow(/Unexpected server response: 4\d\d/);
  });

  test('hostile frames are each answered by an error, and the connection goes on', async () => {
    const problems: string[] = [];
    const frames = [...wrongFields.map(([, frame]) => frame), ...unreadable.map(([, frame]) => frame)];
    for (let at = 0; at < frames.length; at += 25) {
      const guest = await connect({ storefrontKey: shop.key });
      for (const frame of frames.slice(at, at + 25)) {
        const answer = await guest.ask(frame);
        problems.push(answer.type === 'error' ? answer.problem : answer.type);
      }
      expect(await guest.ask({ action: 'ping' })).toEqual({ type: 'pong' });
    }
    expect(problems).toEqual([
      ...wrongFields.map(() => 'ValidationFailed'),
      ...unreadable.map(([, , problem]) => problem),
    ]);
  });

  test('a connection that sends too much is told so', async () => {
    const guest = await connect({ storefrontKey: shop.key });
    for (let n = 0; n < 70; n += 1) guest.say({ action: 'ping' });
    await eventually('it is told', async () =>
      guest.frames.some((frame) => frame.type === 'error' && frame.problem === 'TooManyRequests'),
    );
  });

  test('npm run watch-order reports what happens in words, and ends when it is asked to', async () => {
    const order = await placeConfirmed(shop);
    const args = ['run', '--silent', 'watch-order', '--', order.orderId, '--tracking-token', order.trackingToken];
    const child = spawn('npm', [...args, '--storefront-key', shop.key], { detached: true, env: process.env });
    let out = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        out += text;
      });
    const ended = new Promise((resolve) => child.on('close', resolve));
    const begun = async () => out.includes('as it is now (CONFIRMED');
    await eventually('it begins', begun, 150_000).catch((error) => {
      throw new Error(`watch-order said: ${out}`, { cause: error });
    });
    await sendAll('live-queue', [orderConfirmed(shop.tenant, order.orderId, 101)]);
    await eventually('it tells', async () => /version 101 +the order is confirmed/.test(out));
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    await ended;
    expect(out).toContain(`Watching ${order.orderId}. Ctrl-C ends it.`);
  }, 240_000);
});

test('P8 a customer who is signed in follows their own orders, and nobody else’s', async () => {
  const tenant = await openTenantByApi();
  const [ada, bob, staff] = await Promise.all([
    signedIn(tenant, 'customer'),
    signedIn(tenant, 'customer'),
    signedIn(tenant, 'staff'),
  ]);
  await stock({ tenant, key: '' }, 'PROD-1', 10);
  const orderId = await eventually('the order is placed', async () => {
    const answer = await ada.client.placeOrder({ body: { items: [{ productId: 'PROD-1', quantity: 1 }] } });
    return answer.status === 201 && answer.body.orderId;
  });
  const ask = async ({ token }: typeof ada) => (await connect({ token })).ask({ action: 'subscribe', orderId });
  expect([await ask(ada), await ask(bob), await ask(staff)]).toMatchObject([
    { type: 'subscribed' },
    { type: 'error', problem: 'OrderNotFound' },
    { type: 'subscribed' },
  ]);
}, 120_000);

test('F-34 the socket of a user who is disabled, or logs out, is closed within a minute, though nothing happens on it', async () => {
  const tenant = await openTenantByApi();
  const [admin, staff, ada] = await Promise.all([
    signedIn(tenant, 'tenant-admin'),
    signedIn(tenant, 'staff'),
    signedIn(tenant, 'customer'),
  ]);
  const [idle, other, own] = await Promise.all([staff, admin, ada].map(({ token }) => connect({ token })));
  const me = await staff.client.getMe({});
  const userId = me.status === 200 ? me.body.userId : '';
  expect((await admin.client.updateUser({ params: { userId }, body: { status: 'DISABLED' } })).status).toBe(200);
  expect((await ada.client.logOut({ body: {} })).status).toBe(204);
  await eventually('both are closed', async () => idle?.isClosed() && own?.isClosed(), 60_000);
  expect(idle?.frames).toMatchObject([{ type: 'error', problem: 'InvalidToken' }]);
  expect(other?.isClosed()).toBe(false);
  await expect(connectLive({ token: staff.token })).rejects.toThrow();
}, 120_000);
