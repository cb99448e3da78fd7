import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { createLiveClient, type Update } from '../../../clients/live';
import { createClient } from '../../../clients/order-system';
import type { AlertView } from '../../../lambda/contracts/api/alert-api';
import type { GetOrderResponse, PlaceOrderResponse } from '../../../lambda/contracts/api/order-api';
import type { PaymentAlertType } from '../../../lambda/contracts/events/alert-events';
import type { PaymentMethod } from '../../../lambda/contracts/values/payment-status';
import type { Checklist } from '../checklist';
import { CommandError } from '../command';
import { readMails } from '../mailbox';
import type { SignedIn } from '../people/sign-in';
import { type PayPage, payPage } from '../simulator-client';
import type { System } from '../system/system';
import type { Tables } from '../system/tables';
import { print, printTable, sentence } from '../terminal';
import { timelineRows } from '../timeline-view';
import { stepUntil, until } from '../wait';
import { readEffects } from './effects';
import { payShop, payShopProducts } from './pay-shop';

/** What a guest receives about one order over the WebSocket. */
type LiveLog = {
  /** One row for each message: what happened, and where order and payment are since. */
  readonly rows: () => string[][];
  /** Where the order and its payment are, as far as came. */
  readonly newest: () => string;
  readonly close: () => void;
};

const stateOf = ({ status, paymentStatus }: { readonly status: string; readonly paymentStatus?: string }) =>
  `${status}, ${paymentStatus}`;

const rowOf = (update: Update): string[] =>
  update.kind === 'payment'
    ? [update.event, `payment version ${update.paymentVersion}`]
    : [update.event ?? 'as it was', `${stateOf(update)}, version ${update.version}`];

type Followed = { readonly system: System; readonly orderId: string; readonly trackingToken: string };

/** Follows an order, once it is subscribed. Without a WebSocket API the log stays empty. */
const watchOrder = async ({ system, orderId, trackingToken }: Followed): Promise<LiveLog> => {
  const updates: Update[] = [];
  const log = {
    rows: () => updates.map(rowOf),
    newest: () => {
      const states = updates.flatMap((update) => (update.kind === 'payment' ? [] : [update]));
      const [first, ...later] = states.sort((one, other) => other.version - one.version);
      return first === undefined || later.length === 0 ? 'nothing after the first' : stateOf(first);
    },
  };
  const { liveUrl: url } = system;
  if (url === undefined) return { ...log, close: () => undefined };
  const live = createLiveClient({ url, storefrontKey: payShop.storefrontKey, WebSocket });
  live.followOrder({ orderId, trackingToken }, { onUpdate: (update) => updates.push(update) });
  await until(async () => (updates.length > 0 ? true : undefined), { timeoutMs: 10_000 });
  return { ...log, close: live.close };
};

/** Who walks through the demo, and where. */
export type Walk = {
  readonly system: System;
  readonly tables: Tables;
  /** A guest of the shop. */
  readonly guest: SignedIn;
  readonly staff: SignedIn;
  readonly method: PaymentMethod;
  readonly checks: Checklist;
};

/** A purchase that waits to be paid. */
export type Purchase = Walk & {
  readonly orderId: string;
  readonly trackingToken: string;
  /** What it costs with tax, in yen. */
  readonly total: number;
  readonly page: PayPage;
  readonly live: LiveLog;
};

const minute = 60_000;
const alertsMs = 3 * minute; // an alert ends with a refund, which the poller of the next minute may be the first to ask for

export const guestOf = ({ apiUrl }: System): SignedIn =>
  createClient({ baseUrl: apiUrl, storefrontKey: payShop.storefrontKey });

type Wait = { readonly timeoutMs?: number; readonly everyMs?: number };

const waitFor = <Answer>(
  what: string,
  ask: () => Promise<Answer | undefined>,
  { timeoutMs = 2 * minute, everyMs = 250 }: Wait = {},
): Promise<Answer> => stepUntil(what, ask, { timeoutMs, everyMs });

const [coffee, mug] = payShopProducts;
const items = [coffee, mug].flatMap((one) => (one === undefined ? [] : [{ productId: one.productId, quantity: 1 }]));

const customerEmail = `guest@${payShop.tenant}.example.com`; // of no other shop: their orders have the same codes

/** One coffee and one mug. A shop that was opened a moment ago may not take payments yet: then the order is cancelled. */
const place = async ({ guest, method }: Walk, attempt: { key: string }): Promise<PlaceOrderResponse | undefined> => {
  const body = { customerEmail, paymentMethod: method, items };
  const placed = await guest.placeOrder({ headers: { 'Accept-Language': 'en', 'Idempotency-Key': attempt.key }, body });
  if (placed.status >= 500) return undefined; // the same order once more
  if (placed.status !== 201) throw new CommandError(`The order was not accepted: ${JSON.stringify(placed.body)}`);
  const { orderId, trackingToken, paymentStatus } = placed.body;
  if (paymentStatus === 'WAITING_PAYMENT') return placed.body;
  await guest.cancelOrder({ params: { orderId }, headers: { 'X-Tracking-Token': trackingToken } });
  attempt.key = randomUUID();
  return undefined;
};

const show = ({ orderId, status, paymentStatus, stockStatus, version }: GetOrderResponse | PlaceOrderResponse) =>
  sentence(`${orderId} is ${status}, its payment ${paymentStatus}, its stock ${stockStatus}, version ${version}`);

const read = async ({ guest, orderId, trackingToken }: Pick<Purchase, 'guest' | 'orderId' | 'trackingToken'>) => {
  const { status, body } = await guest.getOrder({
    params: { orderId },
    headers: { 'X-Tracking-Token': trackingToken },
  });
  return status === 200 ? body : undefined;
};

/** The order once it is as it must be. */
export const orderThat = async (
  purchase: Pick<Purchase, 'guest' | 'orderId' | 'trackingToken'>,
  what: string,
  holds: (order: GetOrderResponse) => boolean,
): Promise<GetOrderResponse> => {
  const order = await waitFor(`${purchase.orderId} is ${what}`, async () => {
    const found = await read(purchase);
    return found !== undefined && holds(found) ? found : undefined;
  });
  show(order);
  return order;
};

const checkoutOf = ({ guest, orderId, trackingToken }: Pick<Purchase, 'guest' | 'orderId' | 'trackingToken'>) =>
  waitFor('the provider has a page to pay on', async () => {
    const asked = { params: { orderId }, headers: { 'X-Tracking-Token': trackingToken } };
    const { status, body } = await guest.getOrderPayment(asked);
    return status === 200 ? body.checkout?.redirectUrl : undefined;
  });

/** Step 1 of the demo: an order is placed, its stock is reserved, and it waits to be paid. */
export const purchase = async (walk: Walk): Promise<Purchase> => {
  const { checks } = walk;
  const attempt = { key: randomUUID() };
  const placed = await waitFor('the order is placed', () => place(walk, attempt), { everyMs: 1000 });
  show(placed);
  const { orderId, trackingToken = '', status, paymentStatus, total } = placed;
  const waits = status === 'PENDING' && paymentStatus === 'WAITING_PAYMENT';
  checks.check('S2-43', 'PENDING, WAITING_PAYMENT', waits, `${status}, ${paymentStatus}`);
  const named = { ...walk, orderId, trackingToken, total };
  const live = await watchOrder(named);
  const held = await orderThat(named, 'held', ({ stockStatus }) => stockStatus === 'RESERVED');
  checks.check('S2-10', 'nothing is confirmed before it is paid', held.status === 'PENDING', held.status);
  const page = payPage(await checkoutOf(named));
  print(`pay at ${page.url}`);
  return { ...named, page, live };
};

/** How many of each mail about the order are in the local mailbox. */
export const mailed = async ({ system, checks, orderId }: Purchase, subjects: readonly string[]): Promise<void> => {
  for (const subject of subjects) {
    const count = await until(
      async () => {
        const own = (await readMails(system.endpoint)).filter(({ To }) => To.includes(customerEmail));
        const found = own.filter((mail) => mail.Subject === `${subject} (${orderId})`);
        return found.length > 0 ? found.length : undefined;
      },
      { timeoutMs: minute / 2, everyMs: 500 },
    );
    checks.check('S2-14', `one mail: ${subject}`, count === 1, count ?? 'none');
  }
};

/** What the provider keeps of the order's money once it is as it must be, and that nobody can pay any more. */
export const kept = async ({ page, checks, orderId }: Purchase, amount: number): Promise<void> => {
  const of = { tenant: payShop.tenant, orderId };
  const netOf = async () => {
    const payments = await page.payments(of);
    return {
      net: payments.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0),
      open: payments.filter(({ state }) => state === 'open' || state === 'declined').length,
    };
  };
  const right = await until(
    async () => {
      const { net, open } = await netOf();
      return net === amount && open === 0 ? true : undefined;
    },
    { timeoutMs: alertsMs, everyMs: 1000 },
  );
  const { net, open } = await netOf();
  const found = `${net} yen, ${open} open`;
  checks.check('P5', `the provider keeps ${amount} yen, and nothing can be paid any more`, right === true, found);
};

/** The order's bill once it is as it must be. */
export const billed = async ({ tables, checks, orderId }: Purchase, status: 'paid' | 'void'): Promise<void> => {
  const bill = await until(
    async () => {
      const { bill } = await readEffects(tables, orderId, payShop.tenant);
      return bill?.status === status ? bill : undefined;
    },
    { timeoutMs: minute / 2, everyMs: 250 },
  );
  checks.check('S2-14', `the bill is ${status}`, bill !== undefined);
};

const alertsOf = async ({ staff, orderId }: Purchase): Promise<AlertView[]> => {
  const { status, body } = await staff.listAlerts({ query: { limit: 100 } });
  if (status !== 200) throw new CommandError(`GET /alerts: ${status} ${JSON.stringify(body)}`);
  return body.items.filter((alert) => alert.orderId === orderId);
};

/** The alerts about the order: these were raised, each once, and are over by now; and there are no others. */
export const alerted = async (purchase: Purchase, types: readonly PaymentAlertType[]): Promise<void> => {
  const resolved = await until(
    async () => {
      const alerts = (await alertsOf(purchase)).filter(({ state }) => state === 'RESOLVED');
      return types.every((type) => alerts.some((alert) => alert.type === type)) ? alerts : undefined;
    },
    { timeoutMs: alertsMs, everyMs: 1000 },
  );
  const alerts = resolved === undefined ? [] : await alertsOf(purchase);
  const found = alerts.map(({ type, severity, state }) => `${type} ${severity} ${state}`).join(', ') || 'none';
  const expected = types.length === 0 ? 'no alert' : `alerts, over by now: ${types.join(', ')}`;
  const holds = resolved !== undefined && alerts.length === types.length;
  purchase.checks.check('S2-15', expected, holds, found);
  for (const { error, type } of alerts) sentence(`${type}: ${error}`);
};

/** Whether where the order is now came over the WebSocket: states in between may be passed over. */
const checkLive = async (purchase: Purchase): Promise<void> => {
  const { live, checks } = purchase;
  const order = await read(purchase);
  const now = order === undefined ? 'unknown' : stateOf(order);
  await until(async () => live.newest() === now || undefined, { timeoutMs: minute / 2, everyMs: 100 });
  print();
  printTable([{ title: 'live, over the WebSocket' }, { title: '' }], live.rows());
  const found = `${live.newest()}; the order: ${now}`;
  checks.check('S2-30', 'the WebSocket reported where the order is now', live.newest() === now, found);
};

/** Step 3 of the demo: what came live, and everything that is known of the order. */
export const observe = async (purchase: Purchase): Promise<void> => {
  const { system, staff, checks, orderId, live } = purchase;
  if (system.liveUrl !== undefined) await checkLive(purchase);
  live.close();
  print();
  const { status, body } = await staff.getOrderTimeline({ params: { orderId } });
  if (status !== 200) throw new CommandError(`GET /orders/${orderId}/timeline: ${status}`);
  const columns = ['time', 'service', 'what', 'cause', 'details'].map((name) => ({ title: name }));
  printTable(columns, timelineRows(body.items));
  checks.check(
    'S2-44',
    'the timeline has the payment',
    body.items.some(({ details }) => details?.paymentStatus),
  );
};
