import { randomUUID } from 'node:crypto';
import type { Tenant } from '../../lambda/kernel/tenant';
import { type Connection, subscriptionOf } from '../../lambda/live/connection';
import type { ConnectionStore } from '../../lambda/live/connection.store';
import { freshTenant } from './builders';

const now = new Date('2026-11-21T08:00:03.000Z');

const connected = (tenant: Tenant, given: Partial<Connection> = {}): Connection => ({
  connectionId: `${randomUUID().slice(0, 15)}=`,
  tenant,
  userId: 'user-1',
  scope: 'own',
  validUntil: '2026-11-21T09:00:00.000Z',
  ...given,
});

const counting = (store: ConnectionStore) => {
  test('counts the frames of a connection, by windows of ten seconds', async () => {
    const connection = connected(freshTenant());
    await store.open(connection);
    const counts = [];
    for (const second of ['03', '04', '09', '10', '11']) {
      const counted = await store.countFrame(connection.connectionId, new Date(`2026-11-21T08:00:${second}.000Z`));
      counts.push(counted?.frames);
    }
    expect(counts).toEqual([1, 2, 3, 1, 2]);
  });

  test('returns whose connection a frame comes from; an unknown one is nobody’s', async () => {
    const guest = connected(freshTenant(), { userId: undefined });
    await store.open(guest);
    expect((await store.countFrame(guest.connectionId, now))?.connection).toEqual(guest);
    expect(await store.countFrame('unknown', now)).toBeUndefined();
  });
};

const following = (store: ConnectionStore) => {
  test('P8 an order’s followers are those of its own tenant', async () => {
    const [a, b] = [connected(freshTenant()), connected(freshTenant())];
    for (const one of [a, b]) {
      await store.open(one);
      expect(await store.subscribe(subscriptionOf(one, { orderId: 'ORD-000001' }))).toBe(true);
    }
    expect(await store.followers(`${a.tenant}#ORD-000001`)).toEqual([
      { subject: `${a.tenant}#ORD-000001`, connectionId: a.connectionId, validUntil: '2026-11-21T09:00:00.000Z' },
    ]);
    expect(await store.followers(`${a.tenant}#ORD-000002`)).toEqual([]);
  });

  test('F-34 the connections of a user are found until they are closed, however many there are', async () => {
    const tenant = freshTenant();
    const [one, other] = [connected(tenant), connected(tenant)];
    for (const each of [one, other, connected(tenant, { userId: 'user-2' }), connected(tenant, { userId: undefined })])
      await store.open(each);
    const found = async () => (await store.followers(`${tenant}#USER#user-1`)).map(({ connectionId }) => connectionId);
    expect((await found()).sort()).toEqual([one.connectionId, other.connectionId].sort());
    await store.close(one.connectionId);
    expect(await found()).toEqual([other.connectionId]);
  });

  test('F-34 what is asked about a connection later comes with its frames and with each of its subscriptions', async () => {
    const tenant = freshTenant();
    const credential = { tenant, userId: 'user-1', sessionId: 'log-in-1', issuedAt: 100, loggedInAt: 90 };
    const connection = connected(tenant, { credential });
    await store.open(connection);
    await store.subscribe(subscriptionOf(connection, { feed: true }));
    expect((await store.countFrame(connection.connectionId, now))?.connection).toEqual(connection);
    for (const subject of [`${tenant}#USER#user-1`, `${tenant}#FEED`])
      expect(await store.followers(subject)).toEqual([
        { subject, connectionId: connection.connectionId, validUntil: '2026-11-21T09:00:00.000Z', credential },
      ]);
  });

  test('whoever follows twice is one follower, and none after unfollowing', async () => {
    const connection = connected(freshTenant());
    const subscription = subscriptionOf(connection, { feed: true });
    await store.open(connection);
    await store.subscribe(subscription);
    await store.subscribe(subscription);
    expect(await store.followers(subscription.subject)).toEqual([subscription]);
    await store.unsubscribe(subscription);
    await store.unsubscribe(subscription);
    expect(await store.followers(subscription.subject)).toEqual([]);
  });

  test('a connection follows twenty at most, and one more after it has left one', async () => {
    const connection = connected(freshTenant());
    const nth = (n: number) => subscriptionOf(connection, { orderId: `ORD-0000${n}` });
    await store.open(connection);
    for (let n = 10; n < 30; n += 1) expect(await store.subscribe(nth(n))).toBe(true);
    expect(await store.subscribe(nth(30))).toBe(false);
    expect(await store.followers(nth(30).subject)).toEqual([]);
    expect(await store.subscribe(nth(10))).toBe(true);
    await store.unsubscribe(nth(11));
    expect(await store.subscribe(nth(30))).toBe(true);
  });

  test('a connection that is not open follows nothing', async () => {
    const subscription = subscriptionOf(connected(freshTenant()), { orderId: 'ORD-000001' });
    expect(await store.subscribe(subscription)).toBe(false);
    await store.unsubscribe(subscription);
    expect(await store.followers(subscription.subject)).toEqual([]);
  });
};

const closing = (store: ConnectionStore) => {
  test('a closed connection leaves nothing behind, and another one is not touched', async () => {
    const tenant = freshTenant();
    const [gone, other] = [connected(tenant), connected(tenant)];
    for (const one of [gone, other]) {
      await store.open(one);
      for (const target of [{ orderId: 'ORD-000001' }, { feed: true }] as const)
        await store.subscribe(subscriptionOf(one, target));
    }
    await store.close(gone.connectionId);
    await store.close(gone.connectionId);
    expect(await store.countFrame(gone.connectionId, now)).toBeUndefined();
    expect((await store.followers(`${tenant}#ORD-000001`)).map(({ connectionId }) => connectionId)).toEqual([
      other.connectionId,
    ]);
    expect((await store.followers(`${tenant}#FEED`)).map(({ connectionId }) => connectionId)).toEqual([
      other.connectionId,
    ]);
  });

  test('a row that its connection does not name any more can be forgotten alone', async () => {
    const connection = connected(freshTenant());
    const subscription = subscriptionOf(connection, { orderId: 'ORD-000001' });
    await store.open(connection);
    await store.subscribe(subscription);
    await store.open(connection); // as if it had been lost meanwhile
    await store.close(connection.connectionId);
    expect(await store.followers(subscription.subject)).toHaveLength(1);
    await store.deleteSubscription(subscription);
    expect(await store.followers(subscription.subject)).toEqual([]);
  });

  test('more followers than one page holds are all told', async () => {
    const tenant = freshTenant();
    const connections = Array.from({ length: 60 }, () => connected(tenant));
    for (const one of connections) {
      await store.open(one);
      await store.subscribe(subscriptionOf(one, { feed: true }));
    }
    expect(await store.followers(`${tenant}#FEED`)).toHaveLength(60);
  });
};

/** What every store of connections must keep. */
export const connectionStoreContract = (where: string, store: ConnectionStore): void => {
  describe(`the store of connections ${where}`, () => {
    counting(store);
    following(store);
    closing(store);
  });
};
