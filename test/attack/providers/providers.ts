import type { Report } from '../../../scripts/lib/terminal';
import { call, eventually, mailbox, manyAtOnce, postUntilAnswered, rowsOf, type Shop } from '../../support/flow';
import { openShop, stock } from '../../support/flow-shop';
import { flowSimulator, type ShownPayment } from '../../support/payment-simulator';
import { chosen } from '../cases';
import type { Broken, Outcome, Settings } from '../part';
import { forged, paidWebhook, untrue, type Webhook } from './webhooks';

type Method = 'CREDIT_CARD' | 'PAYPAY';

/** An order that waits for its payment. */
type Waiting = { readonly shop: Shop; readonly orderId: string; readonly payment: ShownPayment };

const total = 3300;

const simulator = flowSimulator();

const customerOf = ({ tenant }: Shop) => `${tenant}@example.com`;

const openOnlineShop = async (): Promise<Shop> => {
  const shop = await openShop({ payments: 'online' });
  await stock(shop, 'MOUSE', 1000);
  return shop;
};

const waiting = async (paymentMethod: Method): Promise<Waiting> => {
  const shop = await openOnlineShop();
  const { status, body } = await postUntilAnswered(shop, {
    items: [{ productId: 'MOUSE', quantity: 1 }],
    body: { paymentMethod, customerEmail: customerOf(shop) },
  });
  if (status !== 201) throw new Error(`no order: ${status} ${JSON.stringify(body)}`);
  const payment = await eventually(
    'the payment is asked for',
    async () => (await simulator.payments({ tenant: shop.tenant }))[0],
  );
  await eventually(
    'it may be paid',
    async () => (await rowsOf(shop).order(body.orderId))?.paymentStatus === 'WAITING_PAYMENT',
  );
  return { shop, orderId: body.orderId, payment };
};

const post = async ({ provider, body, headers }: Webhook): Promise<number> => {
  const init = { headers: { 'content-type': 'application/json', ...headers }, body };
  return (await call('POST', `/webhooks/${provider}`, init)).status;
};

const statusOf = async ({ shop, orderId }: Waiting) => (await rowsOf(shop).order(orderId))?.paymentStatus;

const isPaid = (order: Waiting) =>
  eventually('the order is paid', async () => (await statusOf(order)) === 'PAID', 120_000);

/** The order is paid once, whatever the provider has: what it has too much was paid back. */
const booksAgree = async (order: Waiting): Promise<string | undefined> => {
  await isPaid(order);
  const kept = async () => {
    const payments = await simulator.payments({ tenant: order.shop.tenant });
    return payments.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0);
  };
  await eventually(`the provider keeps ${total}`, async () => (await kept()) === total, 120_000);
  await eventually(
    'the order is confirmed',
    async () => (await rowsOf(order.shop).order(order.orderId))?.status === 'CONFIRMED',
  );
  const subjects = await eventually('the customer is told', async () => {
    const mails = (await mailbox()).filter(({ To }) => To.includes(customerOf(order.shop)));
    return mails.length > 0 && mails.map(({ Subject }) => Subject);
  });
  return new Set(subjects).size === subjects.length ? undefined : `mails are sent twice: ${subjects.join('; ')}`;
};

/** It is still open, at the provider and here. */
const isStillOpen = async (order: Waiting): Promise<string | undefined> => {
  const status = await statusOf(order);
  const [payment] = await simulator.payments({ tenant: order.shop.tenant });
  return status === 'WAITING_PAYMENT' && payment?.captured === 0
    ? undefined
    : `it is ${status}, captured ${payment?.captured}`;
};

type Case = { readonly name: string; readonly carryOut: () => Promise<string | undefined> };

/** Sends webhooks that must have no effect on an order, pays it, and looks at the books. */
const withoutEffect =
  (method: Method, make: (shown: ShownPayment) => Webhook, isTaken: (status: number) => boolean) => async () => {
    const order = await waiting(method);
    const status = await post(make(order.payment));
    if (!isTaken(status)) return `it is answered ${status}`;
    const changed = await isStillOpen(order);
    if (changed !== undefined) return changed;
    await simulator.pay(order.payment.id);
    return booksAgree(order);
  };

/** Pays an order while its provider plays a scenario. */
const playing = (method: Method, scenario: string, more: object) => async () => {
  const order = await waiting(method);
  await simulator.play({ scenario, tenant: order.shop.tenant, orderId: order.orderId, ...more });
  await simulator.pay(order.payment.id);
  return booksAgree(order);
};

/** The same webhook a hundred times at once. */
const burst = (method: Method) => async () => {
  const order = await waiting(method);
  await simulator.pay(order.payment.id);
  const webhook = paidWebhook(order.payment);
  const statuses = await manyAtOnce(100, () => post(webhook), 20);
  const bad = statuses.filter((status) => status >= 500 && status !== 503); // which says to send it again
  return bad.length > 0 ? `${bad.length} of 100 are answered ${bad[0]}` : booksAgree(order);
};

const scenarios: readonly (readonly [string, object])[] = [
  ['succeeds', {}],
  ['webhook-doubled', {}],
  ['webhook-late', { delayMs: 3000 }],
  ['webhook-reordered', {}],
  ['webhook-lost', {}],
  ['webhook-forged', {}],
  ['paid-twice', {}],
];

const isRefused = (status: number) => status >= 400 && status < 500;
const isAccepted = (status: number) => status < 500;

const allCases = (): Case[] =>
  (['CREDIT_CARD', 'PAYPAY'] as const).flatMap((method) => [
    ...Object.entries(forged).map(([what, make]) => ({
      name: `${method}: a webhook ${what}`,
      carryOut: withoutEffect(method, make, isRefused),
    })),
    ...Object.entries(untrue).map(([what, make]) => ({
      name: `${method}: a webhook ${what}`,
      carryOut: withoutEffect(method, make, isAccepted),
    })),
    ...scenarios.map(([name, more]) => ({ name: `${method}: ${name}`, carryOut: playing(method, name, more) })),
    { name: `${method}: a hundred times at once`, carryOut: burst(method) },
  ]);

const atOnce = 4;

/** Providers that are late, doubled, wrong or forged: the books agree with theirs, and nothing happens twice. */
export const attackProviders = async (settings: Settings, report: Report): Promise<Outcome> => {
  const cases = chosen(allCases(), settings, 4);
  let done = 0;
  const carryOut = async ({ name, carryOut: run }: Case): Promise<Broken[]> => {
    const fault = await run().catch((error) => String(error));
    done += 1;
    report(`${done} of ${cases.length}`);
    return fault === undefined ? [] : [{ what: `${name}: ${fault}`, match: name }];
  };
  const found = await manyAtOnce(cases.length, (n) => carryOut(cases[n] as Case), atOnce);
  return { tried: cases.length, broken: found.flat() };
};
