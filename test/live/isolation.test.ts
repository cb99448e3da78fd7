import { trustedTenant } from '../../lambda/kernel/tenant';
import { orderConfirmed } from '../support/live-events';
import { liveSystem } from './live-system';

const tenants = Array.from({ length: 10 }, (_, n) => `shop-${n}`);
const orders = Array.from({ length: 10 }, (_, n) => `ORD-00000${n}`);

/** Of the twenty of each tenant two are staff at the feed, the others customers with an order each. */
const members = tenants.flatMap((tenant) =>
  Array.from({ length: 20 }, (_, n) => ({
    tenant,
    name: `${tenant} ${n}`,
    orderId: n < 2 ? undefined : orders[n % 10],
  })),
);

const live = liveSystem();

const follow = async ({ tenant, name, orderId }: (typeof members)[number]) => {
  const role = orderId === undefined ? 'staff' : 'customer';
  await live.join(name, trustedTenant(tenant), role, `owner-of-${orderId}`);
  const { answers } = await live.say(name, { action: 'subscribe', ...(orderId ? { orderId } : { feed: true }) });
  expect(answers[0]).toMatchObject({ type: 'subscribed' });
};

/** Two shops' orders have the same numbers: the time tells whose event it was. */
const timeOf = (tenant: string) => `2026-11-21T0${tenant.slice(-1)}:00:00.000Z`;

const happen = async (tenant: string, version: number) => {
  const events = orders.map((orderId) => ({ ...orderConfirmed(tenant, orderId, version), time: timeOf(tenant) }));
  expect(await live.push(...events)).toEqual(events.map(() => undefined));
};

const pushesTo = (name: string) => live.framesOf(name).slice(1);

const misdelivered = members.map(
  ({ tenant, name, orderId }) =>
    () =>
      pushesTo(name).filter((push) => push.at !== timeOf(tenant) || (orderId ?? push.orderId) !== push.orderId),
);

test('P8 S2-30 of 2,000 events to 200 connections over 10 tenants each is sent what it follows, 0 misdelivered', async () => {
  for (const tenant of tenants)
    for (const orderId of orders) live.order(trustedTenant(tenant), orderId, { ownerId: `owner-of-${orderId}` });
  for (const member of members) await follow(member);
  for (let version = 10; version < 30; version += 1) for (const tenant of tenants) await happen(tenant, version);
  expect(misdelivered.flatMap((find) => find())).toEqual([]);
  const counts = members.map(({ name, orderId }) => [orderId === undefined, pushesTo(name).length]);
  expect(counts.filter(([feed, count]) => count !== (feed ? 200 : 20))).toEqual([]);
});
