import type { SQSEvent } from 'aws-lambda';
import { billOrders } from '../../lambda/billing/bill-orders';
import { onStockExhausted } from '../../lambda/inventory/reservations/update-reservations';
import { oneByOne } from '../../lambda/kernel/events/queue-consumer';
import { notifyCustomers } from '../../lambda/notification/notify-customer';
import { tenantSettingsStore } from '../../lambda/order/shop/shop.store';
import { timeoutsOf } from '../../lambda/order/shop/tenant-settings';
import type { Io } from '../stores/io';
import { fixedKeys } from '../support/key-ring';
import { noMailLimit } from '../support/mail-limit';
import { siteOf } from './client';
import { consumed } from './consumed-events';
import { mailbox } from './mailbox';
import type { Messaging } from './messaging';
import { noWait, type Parts, timeouts } from './parts';
import { paying, watching } from './paying';
import type { QueueName } from './queues';
import { clockOf, type World } from './world';

export type Handler = (event: SQSEvent) => Promise<{ batchItemFailures: readonly { itemIdentifier: string }[] }>;

type Deps = { readonly world: World; readonly messages: Messaging; readonly parts: Parts };
type Consumer = (deps: Deps, io: Io) => Handler;

const shared = ({ world, messages }: Deps, io: Io, consumer: string) => ({
  consumer,
  deadLetter: messages.parking(io),
  now: clockOf(world),
});

const inventory: Consumer = (deps, io) => {
  const { world, parts } = deps;
  const stock = parts.stockStore(siteOf(world, io));
  const onExhausted = onStockExhausted(stock, () => undefined);
  return parts.consume({
    ...shared(deps, io, 'inventory'),
    schema: consumed.stock,
    handle: parts.takeStock(stock),
    onExhausted,
  });
};

const notification: Consumer = (deps, io) => {
  const { world, parts } = deps;
  const options = shared(deps, io, 'notification');
  const store = parts.notificationStore(siteOf(world, io));
  const handle = notifyCustomers({
    ...mailbox(world, io, store),
    keys: fixedKeys,
    limit: noMailLimit,
    now: options.now,
  });
  return parts.consume({ ...options, schema: consumed.mailed, handle });
};

const billing: Consumer = (deps, io) => {
  const handle = billOrders(deps.parts.billStore(siteOf(deps.world, io)));
  return deps.parts.consume({ ...shared(deps, io, 'billing'), schema: consumed.billed, handle });
};

const saga: Consumer = (deps, io) => {
  const { world, parts } = deps;
  const options = shared(deps, io, 'order-saga');
  const settings = tenantSettingsStore('orders', siteOf(world, io).db);
  const advance = parts.advanceOrder({
    orders: parts.orderStore(siteOf(world, io)),
    timeouts,
    timeoutsOf: async (tenant) => timeoutsOf(await settings.of(tenant), timeouts),
    now: options.now,
  });
  return parts.consume({ ...options, schema: consumed.answer, handle: oneByOne(advance) });
};

const copies: Consumer = (deps, io) => {
  const handle = oneByOne(deps.parts.projectShopData(deps.parts.shopStore(siteOf(deps.world, io))));
  return deps.parts.consume({ ...shared(deps, io, 'order-copy'), schema: consumed.copied, handle });
};

const catalogNews: Consumer = (deps, io) => {
  const options = shared(deps, io, 'inventory-catalog');
  const ledger = deps.parts.ledgerStore(siteOf(deps.world, io));
  return deps.parts.consume({
    ...options,
    schema: consumed.catalogNews,
    handle: oneByOne(deps.parts.followCatalog(ledger, options.now)),
  });
};

const returned: Consumer = (deps, io) => {
  const options = shared(deps, io, 'inventory-return');
  const ledger = deps.parts.ledgerStore(siteOf(deps.world, io));
  const take = deps.parts.takeReturns({ ledger, backoff: noWait, now: options.now, onUnknown: () => undefined });
  return deps.parts.consume({
    ...options,
    schema: consumed.returned,
    handle: oneByOne(take),
  });
};

const catalog: Consumer = (deps, io) => {
  const options = shared(deps, io, 'catalog');
  const products = deps.parts.productStore(siteOf(deps.world, io));
  const handle = oneByOne(deps.parts.followShop({ products, now: options.now }));
  return deps.parts.consume({ ...options, schema: consumed.shopNews, handle });
};

const alert: Consumer = (deps, io) => {
  const handle = oneByOne(deps.parts.raiseAlert(deps.parts.alertStore(siteOf(deps.world, io)), () => undefined));
  return deps.parts.consume({ ...shared(deps, io, 'alert'), schema: consumed.signal, handle });
};

const delivered: Consumer = (deps, io) => {
  const handle = oneByOne(deps.parts.noteDelivery(deps.parts.returnStore(siteOf(deps.world, io))));
  return deps.parts.consume({ ...shared(deps, io, 'return'), schema: consumed.delivered, handle });
};

const payment: Consumer = (deps, io) => {
  const { world, parts } = deps;
  const handle = oneByOne(parts.requestPayments(paying(world, parts, io)));
  return parts.consume({ ...shared(deps, io, 'payment'), schema: consumed.paymentCommand, handle });
};

const watch: Consumer = (deps, io) => {
  const { world, parts } = deps;
  const handle = oneByOne(parts.reconcilePayments(watching(world, parts, io)));
  return parts.consume({ ...shared(deps, io, 'order-payment'), schema: consumed.watched, handle });
};

/** The consumers as their Lambda entries put them together, each for one process that talks through `io`. */
export const consumers: Readonly<Record<QueueName, Consumer>> = {
  'inventory-queue': inventory,
  'notification-queue': notification,
  'billing-queue': billing,
  'order-saga-queue': saga,
  'order-copy-queue': copies,
  'inventory-catalog-queue': catalogNews,
  'inventory-return-queue': returned,
  'catalog-queue': catalog,
  'alert-queue': alert,
  'return-order-queue': delivered,
  'payment-queue': payment,
  'order-payment-queue': watch,
};
