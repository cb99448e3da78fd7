import { credentialOf } from '../../lambda/live/connection';
import { orderConfirmed } from '../support/live-events';
import { type LiveSystem, liveSystem, shopA, shopB } from './live-system';

let live: LiveSystem;

beforeEach(async () => {
  live = liveSystem();
  live.order(shopA, 'ORD-000001', { ownerId: 'ada' });
  await live.join('c-ada', shopA, 'customer', 'ada');
  await live.join('c-staff', shopA, 'staff', 'sato');
  await live.say('c-ada', { action: 'subscribe', orderId: 'ORD-000001' });
  await live.say('c-staff', { action: 'subscribe', feed: true });
});

const invalid = expect.objectContaining({ type: 'error', problem: 'InvalidToken' });
const accessChanged = (userId: string) => ({
  specversion: '1.0' as const,
  id: `shop-a/${userId}:7`,
  source: '/users',
  type: 'UserAccessChanged.v1' as const,
  subject: userId,
  time: '2026-11-21T11:00:00.000Z',
  datacontenttype: 'application/json' as const,
  tenantid: 'shop-a',
  correlationid: 'correlation-1',
  data: { userId },
});
const confirmed = () => live.push(orderConfirmed('shop-a', 'ORD-000001', 3));

describe('F-34 whose credential ends while a socket is open', () => {
  test.each([
    ['c-ada', 'ada'],
    ['c-staff', 'sato'],
  ])('%s is sent nothing of what happens next, and told why once', async (connection, user) => {
    live.ended.add(user);
    const before = live.framesOf(connection).length;
    await confirmed();
    await confirmed();
    expect(live.framesOf(connection).slice(before)).toEqual([invalid]);
    expect(live.open()).not.toContain(connection);
    expect([...live.disconnected]).toEqual([connection]);
  });

  test('the socket of an idle connection is closed when its user’s access changes', async () => {
    await live.join('c-idle', shopA, 'staff', 'sato');
    live.endedNow.add('sato');
    await live.push(accessChanged('sato'));
    expect([...live.disconnected].sort()).toEqual(['c-idle', 'c-staff']);
    expect(live.framesOf('c-idle')).toEqual([invalid]);
    expect(live.open()).toEqual(['c-ada']);
    await live.push(accessChanged('sato'));
    expect(live.framesOf('c-idle')).toEqual([invalid]);
  });

  test('the socket of another log-in, which is good all the same, stays open', async () => {
    const before = live.framesOf('c-staff').length;
    await live.push(accessChanged('sato'));
    expect([...live.disconnected]).toEqual([]);
    expect(live.framesOf('c-staff').length).toBe(before);
  });

  test('a user of the same ID in another shop stays connected', async () => {
    await live.join('c-other', shopB, 'staff', 'sato');
    live.endedNow.add('sato');
    await live.push(accessChanged('sato'));
    expect(live.disconnected.has('c-other')).toBe(false);
  });

  test('an event that could not be handled for one connection comes again, and the others are closed', async () => {
    await live.join('c-idle', shopA, 'staff', 'sato');
    live.endedNow.add('sato');
    live.broken.add('c-idle');
    const [failure] = await live.push(accessChanged('sato'));
    expect(failure?.message).toBe('1 of 2 connections failed');
    expect([...live.disconnected]).toEqual(['c-staff']);
    live.broken.delete('c-idle');
    expect(await live.push(accessChanged('sato'))).toEqual([undefined]);
    expect([...live.disconnected]).toEqual(['c-staff', 'c-idle']);
  });

  test('who connects again with a token that was good a few seconds ago is not let in, and nothing is left of it', async () => {
    live.knowing({ tenant: shopA, userId: 'sato', roles: ['staff'] });
    live.endedNow.add('sato');
    expect(await live.connectWith('c-again', { token: live.token })).toBe(401);
    expect(live.table.all().filter(({ connectionId }) => connectionId === 'c-again')).toEqual([]);
  });

  test('who connects while access ends is found by the event, or refused by the check: never neither', async () => {
    live.knowing({ tenant: shopA, userId: 'sato', roles: ['staff'] });
    live.afterAsking.push(async () => {
      live.endedNow.add('sato');
      expect(await live.push(accessChanged('sato'))).toEqual([undefined]);
    });
    expect(await live.connectWith('c-again', { token: live.token })).toBe(200);
    expect([...live.disconnected]).toContain('c-again');
    expect(live.open()).not.toContain('c-again');
  });

  test('a connection’s own subscription counts for none of the twenty, and is gone with it', async () => {
    for (let n = 0; n < 20; n += 1) {
      const orderId = `ORD-1000${String(n).padStart(2, '0')}`;
      live.order(shopA, orderId, { ownerId: 'kei' });
      if (n === 0) await live.join('c-kei', shopA, 'customer', 'kei');
      expect((await live.say('c-kei', { action: 'subscribe', orderId })).answers).toMatchObject([
        { type: 'subscribed' },
      ]);
    }
    await live.leave('c-kei');
    expect(live.table.all().filter(({ connectionId }) => connectionId === 'c-kei')).toEqual([]);
  });

  test.each([
    ['a subscription to the feed', { action: 'subscribe', feed: true }],
    ['a subscription to an order', { action: 'subscribe', orderId: 'ORD-000001' }],
    ['a ping', { action: 'ping' }],
  ])('is refused %s, and follows nothing any more', async (_what, frame) => {
    live.ended.add('sato');
    expect((await live.say('c-staff', frame)).answers).toEqual([invalid]);
    expect([...live.disconnected]).toEqual(['c-staff']);
    const before = live.framesOf('c-staff').length;
    await confirmed();
    expect(live.framesOf('c-staff').length).toBe(before);
  });

  test('others go on', async () => {
    live.ended.add('sato');
    const before = live.framesOf('c-ada').length;
    await confirmed();
    expect(live.framesOf('c-ada').slice(before)).toEqual([
      expect.objectContaining({ type: 'order', event: 'OrderConfirmed' }),
    ]);
  });

  test('a guest of a storefront key that was deleted is refused', async () => {
    await live.connectWith('c-guest', { storefrontKey: 'shop-a' });
    live.ended.add('shop-a');
    expect((await live.say('c-guest', { action: 'ping' })).answers).toEqual([invalid]);
    expect([...live.disconnected]).toEqual(['c-guest']);
  });

  test('each subscription asks again', async () => {
    const before = live.standings.length;
    for (let n = 0; n < 3; n += 1) await live.say('c-staff', { action: 'subscribe', feed: true });
    expect(live.standings.slice(before)).toEqual(['sato', 'sato', 'sato']);
  });
});

describe('F-34 what is asked about a connection', () => {
  const tokenOf = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

  test('is its user, log-in and times, and never its token', () => {
    const caller = { tenant: shopA, userId: 'ada', sessionId: 'log-in-1', roles: ['staff'] };
    const token = tokenOf({ iat: 100, auth_time: 90, exp: 3700 });
    expect(credentialOf(caller, { token })).toEqual({
      tenant: 'shop-a',
      userId: 'ada',
      sessionId: 'log-in-1',
      issuedAt: 100,
      loggedInAt: 90,
    });
  });

  test('is the storefront key of a guest', () => {
    expect(credentialOf({ tenant: shopA, roles: [] }, { storefrontKey: 'sk_1' })).toEqual({
      tenant: 'shop-a',
      storefrontKey: 'sk_1',
    });
  });
});
