import type { Alert } from '../../lambda/alert/stock/alert';
import { alertFromRow } from '../../lambda/alert/stock/alert-row';
import type { Bill } from '../../lambda/billing/bill';
import type { Product } from '../../lambda/catalog/products/product';
import { productFromRow } from '../../lambda/catalog/products/product-row';
import { type Reservation, reservationFromRow } from '../../lambda/inventory/reservations/reservation';
import { type Movement, movementFromRow } from '../../lambda/inventory/stock/movement';
import { type StockItem, stockFromRow } from '../../lambda/inventory/stock/stock-item';
import { parseTenantKey, type Tenant, tenantKey } from '../../lambda/kernel/tenant';
import type { Notification } from '../../lambda/notification/mail';
import type { Order } from '../../lambda/order/domain/order';
import { notOrder, orderFromRow } from '../../lambda/order/order-row';
import type { Product as SoldProduct } from '../../lambda/order/placing/place-order';
import type { TenantSettings } from '../../lambda/order/shop/tenant-settings';
import type { Payment } from '../../lambda/payment/domain/payment';
import { paymentFromRow } from '../../lambda/payment/payment-row';
import type { DeliveredOrder, Return } from '../../lambda/return/return';
import { orderFromRow as deliveredOrderFromRow, returnFromRow } from '../../lambda/return/return-row';
import type { Item } from '../support/dynamodb/item';
import { type Command, type MemoryDynamoDb, memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { newProviderLedger, type ProviderLedger } from './deal';
import type { Faults } from './faults';
import type { Random } from './random';
import { Rows } from './rows';
import { type Scheduler, scheduler } from './scheduler';
import { intoStream, type Stream, type StreamChange, type StreamName, type Streams, streamNames } from './streams';
import { type TenantsTable, tenantsTable } from './tenants';
import { type Timers, timers } from './timers';

type Versioned = { readonly version: number };
type ProductCopy = SoldProduct & Versioned;
type Settings = TenantSettings & Versioned;

/** The streams of the tables that have one. */
const streamOf: Readonly<Record<string, StreamName>> = {
  orders: 'orders',
  reservations: 'reservations',
  inventory: 'stock',
  products: 'products',
  returns: 'returns',
  alerts: 'alerts',
  payments: 'payments',
  'order-payment-store': 'orderPayments',
};

type SentMail = { readonly to: string; readonly subject: string };

/** What is in the tables, as what it stands for, by tenant and ID. */
type Tables = {
  /** Several by one key only when a code was given twice. */
  readonly orders: Rows<Order>;
  readonly stock: Rows<StockItem>;
  readonly movements: Rows<Movement>;
  readonly reservations: Rows<Reservation>;
  readonly products: Rows<Product>;
  /** The order service's projections of products, and of tenants' settings by the row's key. */
  readonly copies: Rows<ProductCopy>;
  readonly settings: Rows<Settings>;
  readonly returns: Rows<Return>;
  readonly deliveredOrders: Rows<DeliveredOrder>;
  readonly alerts: Rows<Alert>;
  readonly payments: Rows<Payment>;
  /** As they are stored. */
  readonly orderPayments: Rows<Item>;
  readonly bills: Rows<Bill>;
  readonly notifications: Rows<Notification>;
};

/** Makes another command of one that is sent; undefined when it is not sent at all, and answered with nothing. */
export type Rewrite = (command: Command) => Command | undefined;

/** Everything that is not code of ours: time, tables, streams, mailboxes, and what goes wrong. */
export type World = Tables & {
  readonly dynamodb: MemoryDynamoDb;
  /** What becomes of each command that is sent to it. */
  rewrite: Rewrite;
  /** The accounts of tenants, which the identity service has. */
  readonly tenants: TenantsTable;
  readonly random: Random;
  readonly faults: Faults;
  readonly scheduler: Scheduler;
  readonly timers: Timers;
  readonly note: (line: string) => void;
  now: number;
  /** How often a table was written. */
  writes: number;
  readonly mails: SentMail[];
  /** The shops that are paid online. */
  readonly online: Set<Tenant>;
  /** The payments of which nothing is kept at present, each with what stands for the time since then. */
  readonly refundedInFull: Map<string, object>;
  /** Who takes the money. */
  readonly providerLedger: ProviderLedger;
  readonly streams: Streams;
  /** The changes that streams have lost, by key and version. */
  readonly lost: Set<string>;
  /** What is put there before is nobody's news. */
  isOpen: boolean;
};

export const startOfTime = Date.parse('2026-11-21T08:00:00.000Z');

/** The time that a process reads: its clock may be wrong. */
export const clockOf = (world: World): (() => Date) => {
  const skew = world.faults.at('clock', { 'five minutes fast': 0.01, 'five minutes slow': 0.01 });
  const offset = skew === undefined ? 0 : skew.endsWith('fast') ? 300_000 : -300_000;
  return () => new Date(world.now + offset);
};

const billFrom = (row: Item): Bill => {
  const { tenant, id: billingId } = parseTenantKey(String(row.billingId));
  return { ...row, tenant, billingId, orderId: parseTenantKey(String(row.orderId)).id } as Bill;
};

const notificationFrom = (row: Item): Notification => {
  const { tenant, id: notificationId } = parseTenantKey(String(row.notificationId));
  return { ...row, tenant, notificationId } as Notification;
};

const isDelivered = ({ returnId }: Item) => String(returnId).includes('#ORDER#');

const tablesOf = ({ table }: MemoryDynamoDb): Tables => {
  const rows = <Value>(name: string, fromRow: (row: Item) => Value, isOne?: (row: Item) => boolean) =>
    new Rows(table(name), { fromRow, ...(isOne === undefined ? {} : { isOne }) });
  return {
    orders: rows('orders', orderFromRow, ({ createdAt }) => createdAt !== notOrder),
    stock: rows('inventory', stockFromRow),
    movements: rows('stock-movements', movementFromRow, ({ movementId }) => /^\d/.test(String(movementId))),
    reservations: rows('reservations', reservationFromRow),
    products: rows('products', productFromRow),
    copies: rows('order-products', (row) => row as ProductCopy),
    settings: rows(
      'orders',
      (row) => row as Settings,
      ({ orderId }) => String(orderId).endsWith('#SETTINGS'),
    ),
    returns: rows('returns', returnFromRow, (row) => row.fact !== undefined),
    deliveredOrders: rows('returns', deliveredOrderFromRow, isDelivered),
    alerts: rows('alerts', alertFromRow),
    payments: rows('payments', paymentFromRow, ({ providerState }) => providerState !== undefined),
    orderPayments: rows('order-payment-store', (row) => row),
    bills: rows('billing', billFrom),
    notifications: rows('notifications', notificationFrom),
  };
};

/** An empty world. A change that its stream loses is never relayed. */
export const emptyWorld = (
  faults: Faults,
  random: Random,
  record: (line: string) => void,
  providerLedger = newProviderLedger(0),
): World => {
  const note = (line: string) => record(`${((world.now - startOfTime) / 1000).toFixed(1)} s  ${line}`);
  const stream = (name: StreamName): Stream => ({ name, changes: [], at: 0, relaying: false, restsUntil: 0 });
  const dynamodb = memoryDynamoDb({
    lagging: ['orders'],
    onChange: (table, before, after) => {
      world.writes += 1;
      if (after !== undefined) intoStream(world, streamOf[table], { ...(before && { before }), after });
    },
  });
  const world: World = {
    random,
    faults,
    note,
    scheduler: scheduler(faults, random, note),
    timers: timers(),
    now: startOfTime,
    writes: 0,
    dynamodb,
    rewrite: (command) => command,
    ...tablesOf(dynamodb),
    tenants: tenantsTable((before, after) => {
      world.writes += 1;
      intoStream(world, 'tenants', { before, after } as StreamChange);
    }),
    mails: [],
    online: new Set(),
    refundedInFull: new Map(),
    providerLedger,
    streams: Object.fromEntries(streamNames.map((name) => [name, stream(name)])) as Streams,
    lost: new Set(),
    isOpen: false,
  };
  return world;
};

export const allOrders = (world: World): Order[] => world.orders.values();

export type OrderName = { readonly tenant: Tenant; readonly orderId: string };

export const orderNamed = ({ orders }: World, { tenant, orderId }: OrderName): Order | undefined =>
  orders.get(tenantKey(tenant, orderId));

export const reservationOf = ({ reservations }: World, { tenant, orderId }: OrderName): Reservation | undefined =>
  reservations.get(tenantKey(tenant, orderId));

export const settingsOf = ({ settings }: World, tenant: Tenant): Settings | undefined =>
  settings.get(tenantKey(tenant, 'SETTINGS'));
