import { credentialOf } from '../../lambda/live/connection';
import { orderConfirmed } from '../support/live-events';
import { type LiveSystem, liveSystem, shopA } from './live-system';

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
    expect(live.table.rows.has(connection)).toBe(false);
  });

  test.each([
    ['a subscription to the feed', { action: 'subscribe', feed: true }],
    ['a subscription to an order', { action: 'subscribe', orderId: 'ORD-000001' }],
    ['a ping', { action: 'ping' }],
  ])('is refused %s, and follows nothing any more', async (_what, frame) => {
    live.ended.add('sato');
    expect((await live.say('c-staff', frame)).answers).toEqual([invalid]);
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
