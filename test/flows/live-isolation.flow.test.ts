import { hashToken } from '../../lambda/kernel/http/token-hash';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { orderStore } from '../../lambda/order/order.store';
import { anOrder } from '../stores/builders';
import { db, eventually, manyAtOnce, openShop } from '../support/flow';
import { connect, follow, type LiveConnection, type Placed } from '../support/flow-live';
import { signedIn } from '../support/flow-people';
import { sendAll } from '../support/flow-queues';
import { orderConfirmed } from '../support/live-events';

const store = orderStore('orders', db);
const perTenant = 20;
const versions = Array.from({ length: 40 }, (_, n) => 101 + n);

type Member = { readonly connection: LiveConnection; readonly tenant: string; readonly orderId?: string };

/** Orders that no event tells of: what is pushed is what the test sends. The numbers are the same in every shop. */
const openTenant = async () => {
  const shop = await openShop();
  const orders = Array.from(
    { length: 5 },
    (_, n): Placed => ({ shop, orderId: `ORD-00000${n + 1}`, trackingToken: `secret-${shop.tenant}-${n}` }),
  );
  for (const { orderId, trackingToken } of orders) {
    const silent = {
      fact: { type: 'StockDeducted' },
      status: 'CONFIRMED',
      stockStatus: 'DEDUCTED',
      dueAt: undefined,
    } as const;
    const trackingTokenHash = hashToken(trackingToken);
    await store.place(anOrder(trustedTenant(shop.tenant), orderId, { ...silent, trackingTokenHash }));
  }
  return { shop, orders };
};

type Opened = Awaited<ReturnType<typeof openTenant>>;

const joinFeed = async (tenant: string, n: number): Promise<Member> => {
  const { token } = await signedIn(tenant, 'staff');
  const connection = await connect({ token }, `${tenant} ${n}`);
  expect(await connection.ask({ action: 'subscribe', feed: true })).toEqual({ type: 'subscribed', feed: true });
  return { connection, tenant };
};

const join = async ({ shop, orders }: Opened, n: number): Promise<Member> => {
  if (n < 2) return joinFeed(shop.tenant, n);
  const placed = orders[n % orders.length] as Placed;
  const connection = await connect({ storefrontKey: shop.key }, `${shop.tenant} ${n}`);
  await follow(connection, placed);
  return { connection, tenant: shop.tenant, orderId: placed.orderId };
};

/** Two shops' orders have the same numbers: the time tells whose event it was. */
const timeOf = (tenants: readonly string[], tenant: string) =>
  new Date(Date.UTC(2026, 0, 1 + tenants.indexOf(tenant))).toISOString();

describe('P8 S2-30 200 connections over 10 tenants, 2,000 events', () => {
  let tenants: Opened[];
  let members: Member[];

  beforeAll(async () => {
    tenants = await manyAtOnce(10, openTenant, 2);
    members = await manyAtOnce(
      10 * perTenant,
      (n) => join(tenants[Math.floor(n / perTenant)] as Opened, n % perTenant),
      4,
    );
  }, 600_000);

  test('each is sent what it follows, and 0 are misdelivered', async () => {
    const names = tenants.map(({ shop }) => shop.tenant);
    const sentTo = ({ connection }: Member) => connection.pushes().filter(({ version }) => version > 100);
    const distinct = (member: Member) =>
      new Set(sentTo(member).map(({ orderId, version }) => `${orderId} ${version}`)).size;
    for (const [index, version] of versions.entries()) {
      const events = tenants.flatMap(({ shop: { tenant }, orders }) =>
        orders.map(({ orderId }) => ({ ...orderConfirmed(tenant, orderId, version), time: timeOf(names, tenant) })),
      );
      expect(events).toHaveLength(50);
      await sendAll('live-queue', events);
      const wanted = ({ orderId }: Member) => (index + 1) * (orderId === undefined ? 5 : 1);
      await eventually(
        `everybody has version ${version}`,
        async () => members.every((member) => distinct(member) === wanted(member)),
        120_000,
      );
    }
    const wrong = members.flatMap((member) =>
      sentTo(member).filter(
        ({ at, orderId }) => at !== timeOf(names, member.tenant) || (member.orderId ?? orderId) !== orderId,
      ),
    );
    expect(wrong).toEqual([]);
  }, 1_200_000);

  test('nobody of another shop can follow what is followed there', async () => {
    const [first, second] = tenants as [Opened, Opened];
    const [placed] = first.orders as [Placed];
    const stranger = await connect({ storefrontKey: second.shop.key });
    const { orderId, trackingToken } = placed;
    expect(await stranger.ask({ action: 'subscribe', orderId, trackingToken })).toMatchObject({
      type: 'error',
      problem: 'OrderNotFound',
    });
  });
});
