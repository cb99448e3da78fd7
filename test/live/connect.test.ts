import { trustedTenant } from '../../lambda/kernel/tenant';
import { connectionRow, countedFromRow } from '../../lambda/live/connection.store';
import { type LiveSystem, liveSystem, shopA } from './live-system';

let live: LiveSystem;

beforeEach(() => {
  live = liveSystem();
  live.knowing({ tenant: shopA, userId: 'ada', roles: ['customer'] });
});

const connectionOf = async (connectionId: string) =>
  (await live.connections.countFrame(connectionId, live.clock.now))?.connection;

describe('S2-30 connecting', () => {
  test('a token opens a connection for as long as it is good', async () => {
    expect(await live.connectWith('c-1', { token: live.token })).toBe(200);
    expect(await connectionOf('c-1')).toEqual({
      connectionId: 'c-1',
      tenant: 'shop-a',
      userId: 'ada',
      scope: 'own',
      validUntil: '2026-11-21T12:00:00.000Z',
      credential: { tenant: 'shop-a', userId: 'ada' },
    });
  });

  test('the header of a program is as good as the query of a browser', async () => {
    expect(await live.connectWith('c-1', {}, { Authorization: `Bearer ${live.token}` })).toBe(200);
    expect(await live.connectWith('c-2', {}, { 'X-Storefront-Key': 'shop-b' })).toBe(200);
    expect(await connectionOf('c-2')).toMatchObject({ tenant: 'shop-b' });
  });

  test('nobody stays longer than API Gateway keeps a connection', async () => {
    live.clock.now = new Date('2026-11-21T08:00:00.000Z');
    await live.connectWith('c-1', { token: live.token });
    await live.connectWith('c-2', {});
    for (const id of ['c-1', 'c-2'])
      expect(await connectionOf(id)).toMatchObject({ validUntil: '2026-11-21T10:00:00.000Z' });
  });

  test.each([
    ['a token that is good for nothing', 401, { token: 'e30.e30.x' }],
    ['an unknown parameter', 400, { tenant: 'shop-b' }],
    ['an empty token', 400, { token: '' }],
    ['a token of 10 KB', 400, { token: 'x'.repeat(10_000) }],
  ])('%s is answered %p', async (_what, status, query: Record<string, string>) => {
    expect(await live.connectWith('c-1', query)).toBe(status);
    expect(live.open()).toEqual([]);
  });

  test.each([
    ['somebody of a closed shop', 403, { tenant: shopA, userId: 'ada', roles: ['staff'], suspended: true }],
    ['a platform admin, who follows no orders', 403, { tenant: shopA, userId: 'root', roles: ['platform-admin'] }],
    ['somebody without a role', 403, { tenant: shopA, userId: 'ada', roles: [] }],
    ['who connects too often', 429, { tenant: shopA, userId: 'noisy', roles: ['customer'] }],
  ])('%s is answered %p', async (_who, status, caller) => {
    live.knowing(caller);
    expect(await live.connectWith('c-1', { token: live.token })).toBe(status);
    expect(live.open()).toEqual([]);
  });

  test('when it cannot be told until when a token is good, nobody is connected by it', async () => {
    const odd = `e30.${Buffer.from('no JSON').toString('base64url')}.c2ln`;
    live.knowing({ tenant: shopA, userId: 'ada', roles: ['customer'] }, odd);
    expect(await live.connectWith('c-1', { token: odd })).toBe(500);
    expect(live.open()).toEqual([]);
  });

  test('whoever leaves is forgotten at once', async () => {
    live.order(shopA, 'ORD-000001', { ownerId: 'ada' });
    await live.connectWith('c-1', { token: live.token });
    await live.say('c-1', { action: 'subscribe', orderId: 'ORD-000001' });
    await live.leave('c-1');
    expect(live.table.all()).toEqual([]);
  });
});

describe.each([
  ['no credential', {}],
  ['a malformed token', { token: 'nonsense' }],
  ['a made-up token', { token: 'e30.e30.x' }],
  ['an unknown parameter', { tenant: 'shop-b' }],
])('F-35 a handshake with %s', (_with, query: Record<string, string>) => {
  test('is counted by address before anything is asked', async () => {
    live.limits.handshakes = 3;
    const before = live.limits.asked;
    const answers: number[] = [];
    for (let n = 0; n < 20; n += 1) answers.push(await live.connectWith(`c-${n}`, query));
    expect(answers.slice(3)).toEqual(Array.from({ length: 17 }, () => 429));
    expect(live.limits.asked - before).toBeLessThanOrEqual(3);
  });
});

test('the row of a connection has the attributes that rows of before have', () => {
  const connection = {
    ...{ connectionId: 'c-1', tenant: trustedTenant('shop-a'), userId: 'hanako-1', scope: 'own' as const },
    validUntil: '2026-11-21T09:00:00.000Z',
  };
  const row = connectionRow(connection);
  expect(row).toEqual({
    ...{ subject: '#CONNECTION#c-1', connectionId: 'c-1', tenant: 'shop-a', userId: 'hanako-1', reach: 'own' },
    ...{ validUntil: '2026-11-21T09:00:00.000Z', expiresAt: 1_795_255_200 },
  });
  expect(countedFromRow({ ...row, frames: 1 }).connection).toEqual(connection);
});
