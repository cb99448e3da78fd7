import { createHash, randomUUID } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { CreateTenantRequest } from '../../lambda/contracts/api/tenant-api';
import { db, eventually, type Shop } from './flow';
import { type Person, signedIn } from './flow-people';

const limits = { tenantPerMinute: 1_000_000, callerPerMinute: 1_000_000 }; // a test sends more than any customer

const must = <Answer extends { readonly status: number; readonly body: unknown }, Status extends Answer['status']>(
  answer: Answer,
  status: Status,
): Extract<Answer, { status: Status }>['body'] => {
  if (answer.status !== status)
    throw new Error(`${status} was expected: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as Extract<Answer, { status: Status }>['body'];
};

const rowOfOrders = async (orderId: string) =>
  (await db.send(new GetCommand({ TableName: 'orders', Key: { orderId, createdAt: '-' } }))).Item;

let platform: Promise<Person> | undefined;

/** Opens a shop by the API, as a platform admin does, and waits until its guests can order. */
export const openShop = async (settings: Partial<CreateTenantRequest> = {}): Promise<Shop> => {
  platform ??= signedIn('default', 'platform-admin');
  const { client } = await platform;
  const tenant = `t-${randomUUID().slice(0, 8)}`;
  must(await client.createTenant({ body: { tenantId: tenant, name: tenant, limits, ...settings } }), 201);
  const made = must(await client.createStorefrontKey({ params: { tenantId: tenant } }), 201);
  const hash = createHash('sha256').update(made.storefrontKey).digest('hex');
  for (const row of [`#STOREFRONT#${hash}`, `${tenant}#SETTINGS`])
    await eventually(`the order service knows ${tenant}`, () => rowOfOrders(row));
  return { tenant, key: made.storefrontKey };
};

const staff = new Map<string, Promise<Person>>();

/** Somebody of the shop's staff, the same for all of one test file. */
const staffOf = ({ tenant }: Shop): Promise<Person> => {
  const known = staff.get(tenant) ?? signedIn(tenant, 'staff');
  staff.set(tenant, known);
  return known;
};

/** Puts a product on sale by the API, unless it is, and receives so much of it; waits until it can be ordered. */
export const stock = async (shop: Shop, productId: string, quantity: number, name = `商品 ${productId}`) => {
  const { client } = await staffOf(shop);
  const made = await client.createProduct({ body: { productId, name, price: 3000, currency: 'JPY', taxRate: 10 } });
  if (made.status !== 409) must(made, 201);
  const params = { productId };
  await eventually(`inventory knows ${productId}`, async () => (await client.getStock({ params })).status === 200);
  if (quantity > 0)
    must(await client.updateStock({ params, body: { type: 'receive', quantity, reason: 'flow test' } }), 200);
  const Key = { productId: `${shop.tenant}#${productId}` };
  await eventually(`${productId} can be ordered`, async () => {
    const { Item } = await db.send(new GetCommand({ TableName: 'order-products', Key }));
    return Item?.onSale === true;
  });
};
