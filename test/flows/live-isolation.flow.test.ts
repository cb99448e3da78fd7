import { eventually, manyAtOnce } from '../support/flow';
import {
  connect,
  follow,
  type LiveConnection,
  openStockedShop,
  type Placed,
  placeConfirmed,
} from '../support/flow-live';
import { signedIn } from '../support/flow-people';
import { sendAll } from '../support/flow-queues';
import { orderConfirmed } from '../support/live-events';
import { volume } from '../support/volume';

const perTenant = 20;
const versions = Array.from({ length: volume(40) }, (_, n) => 101 + n);

type Member = { readonly connection: LiveConnection; readonly tenant: string; readonly orderId?: string };

/** Five orders, which have the same numbers in every shop. Of their own events none is as new as those that the test sends. */
const openTenant = async () => {
  const shop = await openStockedShop();
  const orders: Placed[] = [];
  for (let n = 0; n < 5; n += 1) orders.push(await placeConfirmed(shop));
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

describe(`P8 S2-30 200 connections over 10 tenants, ${50 * versions.length} events`, () => {
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
