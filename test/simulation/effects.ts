import type { Bill } from '../../lambda/billing/bill';
import type { Reservation } from '../../lambda/inventory/reservations/reservation';
import { type Tenant, tenantKey } from '../../lambda/kernel/tenant';
import type { Notification } from '../../lambda/notification/mail';
import type { MailKind } from '../../lambda/notification/wording';
import type { Order } from '../../lambda/order/domain/order';
import { type Heard, paymentsDone, paymentsOf } from './payment-effects';
import type { Parcel, QueueName } from './queues';
import type { Rows } from './rows';
import { allOrders, orderNamed, reservationOf, settingsOf, type World } from './world';

/** What the services made of one order. */
export type Outcome = {
  readonly order: Order | undefined;
  readonly reservation: Reservation | undefined;
  readonly bills: readonly Bill[];
  readonly notifications: readonly Notification[];
};

type Named = { readonly tenant: Tenant; readonly orderId: string };

const rowsOf = <Row extends { readonly tenant: string; readonly orderId: string }>(
  table: Rows<Row>,
  { tenant, orderId }: Named,
): Row[] => {
  const rows: Row[] = [];
  for (const row of table.values()) if (row.orderId === orderId && row.tenant === tenant) rows.push(row);
  return rows;
};

export const outcomeOf = (world: World, named: Named): Outcome => ({
  order: orderNamed(world, named),
  reservation: reservationOf(world, named),
  bills: rowsOf(world.bills, named),
  notifications: rowsOf(world.notifications, named),
});

const outcome = ({ world, tenant, id }: Heard) => outcomeOf(world, { tenant, orderId: id.replace(/^PAY-/, '') });

const mailOf: Readonly<Record<string, MailKind>> = {
  'OrderPlaced.v2': 'order-confirmation',
  'OrderCancelled.v2': 'order-cancellation',
  'OrderShipped.v2': 'order-shipping',
  'OrderDelivered.v2': 'order-delivery',
  'OrderAwaitingPayment.v2': 'order-payment-request',
  'PaymentRefunded.v1': 'payment-refund',
};

const stockStates: Readonly<Record<string, readonly string[]>> = {
  'OrderPlaced.v2': ['RESERVED', 'RELEASED', 'DEDUCTED'],
  'OrderCancelled.v2': ['RELEASED', 'DEDUCTED'],
  'OrderShipped.v2': ['DEDUCTED'],
};

const isFullyRefunded = ({ body }: Heard) => body.includes('"fullyRefunded":true');

/** An order that has ended is void by its cancellation. */
const isOfEnded = ({ body }: Heard) => body.includes('"status":"CANCELLED"');

const orderHeard: Readonly<Record<string, (order: Order, heard: Heard) => boolean>> = {
  'StockReserved.v1': ({ status, stockStatus }) => status !== 'PENDING' || stockStatus === 'RESERVED',
  'StockShort.v1': ({ status, stockStatus }) => status !== 'PENDING' || stockStatus !== 'PENDING',
  'StockReleased.v1': ({ stockStatus }) => stockStatus === 'RELEASED',
  'StockDeducted.v1': ({ stockStatus }) => stockStatus === 'DEDUCTED',
  'PaymentSucceeded.v1': ({ paymentStatus }) => paymentStatus === 'PAID' || paymentStatus === 'REFUNDED',
  'PaymentFailed.v1': ({ paymentStatus }) => paymentStatus !== 'WAITING_PAYMENT',
  'PaymentRefunded.v1': ({ paymentStatus, refundVersion }, heard) =>
    paymentStatus === 'REFUNDED' || refundVersion !== undefined || !isFullyRefunded(heard),
  'PaymentRefundFailed.v1': ({ refundVersion = 0 }, { version }) => refundVersion >= version,
};

/** The order is returned, unless goods of it were still with the customer. */
const isTakenBack = ({ world, tenant, id, body }: Heard): boolean => {
  const { orderId = '' } = world.returns.get(tenantKey(tenant, id)) ?? {};
  return !body.includes('"orderFullyReturned":true') || orderNamed(world, { tenant, orderId })?.status === 'RETURNED';
};

const done: Readonly<Record<QueueName, (heard: Heard) => boolean>> = {
  'inventory-queue': (heard) => stockStates[heard.type]?.includes(outcome(heard).reservation?.state ?? '') ?? false,
  'billing-queue': (heard) =>
    (heard.type === 'OrderPaymentUpdated.v2' && isOfEnded(heard)) || // also where the order is not billed yet
    outcome(heard).bills.some(
      ({ status, items, paidAt, orderVersion = 0 }) =>
        (heard.type === 'OrderPaymentUpdated.v2' && orderVersion >= heard.version) ||
        status === 'void' ||
        (heard.type === 'OrderPlaced.v2' ? items !== undefined : paidAt !== undefined),
    ),
  'notification-queue': (heard) =>
    heard.body.includes('"disputeId"') || // the bank has told them
    outcome(heard).notifications.some(({ kind }) => kind === mailOf[heard.type]),
  'order-saga-queue': (heard) => {
    if (heard.type === 'ReturnCompleted.v2') return isTakenBack(heard);
    const { order } = outcome(heard);
    return order !== undefined && (orderHeard[heard.type]?.(order, heard) ?? false);
  },
  'order-copy-queue': ({ world, tenant, type, id, version }) => {
    const copy = type.startsWith('Tenant') ? settingsOf(world, tenant) : world.copies.get(tenantKey(tenant, id));
    return (copy?.version ?? 0) >= version;
  },
  'inventory-catalog-queue': ({ world, tenant, id, version }) =>
    (world.stock.get(tenantKey(tenant, id))?.productVersion ?? 0) >= version,
  'inventory-return-queue': ({ world, tenant, id }) => {
    const lines = world.returns.get(tenantKey(tenant, id))?.lines ?? [];
    const cameBack = (productId: string) => world.movements.all(tenantKey(tenant, productId));
    return lines.every(({ productId }) => cameBack(productId).some(({ reason }) => reason === `Return ${id}`));
  },
  'catalog-queue': ({ world, tenant, type, id, version }) => {
    const product = (productId: string) => world.products.get(tenantKey(tenant, productId));
    if (type !== 'OrderPlaced.v2') return (product(id)?.stockVersion ?? 0) >= version;
    const lines = orderNamed(world, { tenant, orderId: id })?.lines ?? [];
    return lines.every(({ productId }) => product(productId)?.ordered);
  },
  'alert-queue': ({ world, tenant, id, version }) => {
    const subject = id.replace(/^(stripe|paypay)-/, '');
    const alert = (kind: string) => world.alerts.get(tenantKey(tenant, `${kind}:${subject}`))?.sourceVersion ?? 0;
    const kinds = ['inventory_reservation_failed', 'stock_discrepancy', 'capture_without_order'];
    return Math.max(...kinds.map(alert)) >= version;
  },
  'return-order-queue': ({ world, tenant, id }) => world.deliveredOrders.has(tenantKey(tenant, `ORDER#${id}`)),
  ...paymentsDone,
};

/** Whether a queue's consumer has done what the event asks of it. A poison message is never done. */
export const effectSeen = (world: World, queue: QueueName, { key, type, tenantId, body }: Parcel): boolean => {
  const [, id, version] = /^\/[a-z/-]+\|[a-z0-9-]+\/([\w.-]+):(\d+)$/.exec(key) ?? [];
  if (id === undefined) return false;
  return done[queue]({ world, tenant: tenantId as Tenant, type, id, version: Number(version), body });
};

/** Everything that customers, shops and books feel. Asking the inventory again only raises a version. */
export const effectsOf = (world: World) => ({
  orders: allOrders(world),
  stock: [...world.stock].map(([key, { stock, reservedQuantity }]) => [key, { stock, reservedQuantity }] as const),
  movements: world.movements.values(),
  reservations: [...world.reservations.values()].map(({ tenant, orderId, state, lines }) => ({
    tenant,
    orderId,
    state,
    lines,
  })),
  products: [...world.products.values()].map(({ productId, name, status, offSaleBy }) => ({
    productId,
    name,
    status,
    offSaleBy,
  })),
  copies: [...world.copies.values()],
  settings: [...world.settings.values()],
  alerts: [...world.alerts.values()].map(({ subject, state, error }) => ({ subject, state, error })),
  returns: [...world.returns.values(), ...world.deliveredOrders.values()],
  payments: paymentsOf(world),
  quarrels: [...world.orderPayments.values()].flatMap(({ orderId, alerts }) =>
    Object.entries(Object(alerts)).map(([type, alert]) => ({ orderId, type, alert })),
  ),
  bills: [...world.bills.values()],
  notifications: [...world.notifications.values()],
  mails: [...world.mails],
});
