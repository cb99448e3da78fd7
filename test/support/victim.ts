import { randomUUID } from 'node:crypto';
import type { Client } from '../../clients/types';
import { alertHistoryStore } from '../../lambda/alert/history/alert-history.store';
import { api } from '../../lambda/contracts/api/api';
import type { Operation } from '../../lambda/contracts/api/routes';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { examples } from '../../scripts/openapi/examples';
import { db, eventually } from './flow';
import { openTenantByApi, signedIn } from './flow-people';

type Answered = { readonly status: number; readonly body: unknown };

const must = <Answer extends Answered, Status extends Answer['status']>(answer: Answer, status: Status) => {
  if (answer.status !== status)
    throw new Error(`${status} was expected: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer as Extract<Answer, { status: Status }>;
};

const delivered = async (staff: Client, orderId: string) => {
  for (const status of ['PROCESSING', 'SHIPPED', 'DELIVERED'])
    await eventually(`${orderId} is ${status}`, async () => {
      const answer = await staff.updateOrderStatus({ params: { orderId }, body: { status } });
      return answer.status === 200;
    });
};

/** Puts alerts about an order into the table in which they are kept; answers with the ID of one. */
const raiseAlerts = async (tenant: string, orderId: string, note: string): Promise<string> => {
  const at = new Date().toISOString();
  const raise = async (type: 'double_payment' | 'refund_missing') => {
    const alert = {
      type,
      orderId,
      state: 'RAISED',
      error: 'Paid 2 times',
      count: 1,
      firstAt: at,
      raisedAt: at,
    } as const;
    const alertId = `${type}.${orderId}`;
    const acknowledgement = { by: 'staff-1', at, note };
    const row = { ...alert, alertId, acknowledgement, history: [], sourceVersion: 1, updatedAt: at, version: 1 };
    await alertHistoryStore('sys-pay-alert', db).save({ ...row, tenant: trustedTenant(tenant) });
    return alertId;
  };
  await raise('refund_missing');
  return raise('double_payment');
};

/** Has a guest erased whose order goes on; answers with the ID of the erasure. */
const askForGuest = async (staff: Client, productId: string, id: string): Promise<string> => {
  const customerEmail = `guest-${id}@example.com`;
  const order = { items: [{ productId, quantity: 1 }], customerEmail };
  const { orderId } = must(await staff.placeOrder({ body: order }), 201).body;
  return must(await staff.requestErasure({ body: { orderId, customerEmail } }), 202).body.erasureId;
};

/** A shop of which others try to learn: its names and numbers are known to nobody else by chance. */
export const openVictim = async () => {
  const tenant = await openTenantByApi();
  const id = randomUUID().slice(0, 8);
  const [admin, staff, customer] = await Promise.all([
    signedIn(tenant, 'tenant-admin'),
    signedIn(tenant, 'staff'),
    signedIn(tenant, 'customer', `victim-${id}`),
  ]);
  const shown = { product: `shown-product-${id}`, category: `shown-category-${id}` };
  const hidden = {
    name: `hidden-name-${id}`,
    street: `hidden-street-${id}`,
    reason: `hidden-reason-${id}`,
    note: `hidden-note-${id}`,
  };
  const [productId, categoryId] = [`SKU-${id}`, `cat-${id}`];
  must(await staff.client.createCategory({ body: { categoryId, name: shown.category } }), 201);
  const product = { productId, name: shown.product, price: 3000, categories: [categoryId] };
  must(await staff.client.createProduct({ body: product }), 201);
  await eventually('the inventory knows the product', async () => {
    const body = { type: 'receive', quantity: 100_000, reason: hidden.reason } as const;
    return (await staff.client.updateStock({ params: { productId }, body })).status === 200;
  });
  await staff.client.updateStock({
    params: { productId },
    body: { type: 'receive', quantity: 1, reason: hidden.reason },
  });
  const me = must(await customer.client.updateMe({ body: { displayName: hidden.name } }), 200).body;
  const idempotencyKey = `key-${id}`;
  const body = {
    items: [{ productId, quantity: 1 }],
    shippingAddress: { street: hidden.street, city: '東京', postalCode: '100-0001', country: 'JP' },
  };
  const place = (key: string) => customer.client.placeOrder({ headers: { 'Idempotency-Key': key }, body });
  await eventually('the order service knows the product', async () => (await place(`first-${id}`)).status === 201);
  const first = must(await place(`first-${id}`), 201).body;
  const order = must(await place(idempotencyKey), 201).body;
  await delivered(staff.client, first.orderId);
  const asked = { items: [{ productId, quantity: 1 }], reason: hidden.reason };
  const { returnId } = await eventually('the return is asked for', async () => {
    const answer = await customer.client.requestReturn({ params: { orderId: first.orderId }, body: asked });
    return answer.status === 201 && answer.body;
  });
  const alertId = await raiseAlerts(tenant, order.orderId, hidden.note);
  const erasureId = await askForGuest(staff.client, productId, id);
  const key = must(await admin.client.createStorefrontKey({ params: { tenantId: tenant } }), 201).body;
  const query = { limit: 1 };
  const pages = {
    listOrders: must(await customer.client.listOrders({ query }), 200).body,
    listStockMovements: must(await staff.client.listStockMovements({ params: { productId }, query }), 200).body,
    listAlerts: must(await staff.client.listAlerts({ query }), 200).body,
    listUsers: must(await admin.client.listUsers({ query }), 200).body,
  };
  const cursors = Object.fromEntries(Object.entries(pages).map(([name, { nextCursor }]) => [name, nextCursor]));
  const params = {
    orderId: order.orderId,
    returnId,
    paymentId: `PAY-${order.orderId}`,
    alertId,
    productId,
    categoryId,
    tenantId: tenant,
    userId: me.userId,
    keyId: key.keyId,
    erasureId,
  };
  return {
    tenant,
    admin,
    staff,
    customer,
    params: { ...params, imageId: randomUUID(), file: 'page.js' },
    storefrontKey: key.storefrontKey,
    idempotencyKey,
    trackingToken: order.trackingToken,
    cursors: cursors as { readonly [Name in Operation]?: string },
    body,
    /** What guests and customers of the shop may see. */
    shown: Object.values(shown),
    /** What nobody but the customer and the shop's staff may see. */
    hidden: [...Object.values(hidden), customer.email, order.trackingToken, first.trackingToken],
  };
};

export type Victim = Awaited<ReturnType<typeof openVictim>>;

const ownNames: Readonly<Record<string, keyof Victim['params']>> = {
  productId: 'productId',
  productCode: 'productId',
  sku: 'productId',
  categoryId: 'categoryId',
  orderId: 'orderId',
  customerId: 'userId',
  tenantId: 'tenantId',
};

/** Who signs in is named by the e-mail address; elsewhere it would only come back to whoever sent it. */
const namesPeople = (operation: Operation) => api[operation].tag === 'Sign-in';

/** The example of a body, in which everything that names something names what is the victim's. */
export const bodyAbout = (victim: Victim, operation: Operation): unknown => {
  const { body, params, customer } = victim;
  if (operation === 'placeOrder')
    return { items: body.items, customerId: params.userId, customerEmail: 'x@example.com' };
  const [example = {}] = Object.values(examples[operation]?.bodies ?? {});
  if (typeof example === 'string') return example.replaceAll('PROD-001', params.productId);
  const replace = (key: string, value: unknown): unknown => {
    const own = ownNames[key];
    if (own !== undefined) return params[own];
    return key === 'email' && namesPeople(operation) ? customer.email : value;
  };
  return JSON.parse(JSON.stringify(example, (key, value) => replace(key, value)));
};

/** Everything of the victim's that an attack could have changed. */
export const stateOf = async ({ admin, staff, customer, params }: Victim) => {
  const { client } = staff;
  const answers = await Promise.all([
    client.getProduct({ params }),
    client.getCategory({ params }),
    client.listStockMovements({ params }),
    client.getReturn({ params }),
    client.listAlerts(),
    customer.client.getOrder({ params }),
    customer.client.listOrders(),
    customer.client.listReturns(),
    customer.client.getMe(),
    admin.client.getUser({ params }),
    admin.client.getTenant({ params }),
  ]);
  return answers.map(({ status, body }) => ({ status, body }));
};
