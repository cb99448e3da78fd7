import type { Bill } from '../../lambda/billing/bill';
import type { Product } from '../../lambda/catalog/products/product';
import type { Reservation } from '../../lambda/inventory/reservations/reservation';
import type { Movement } from '../../lambda/inventory/stock/movement';
import { type Tenant, tenantKey } from '../../lambda/kernel/tenant';
import type { Notification } from '../../lambda/notification/mail';
import type { Order } from '../../lambda/order/domain/order';
import { type AlertsTable, alertsTable } from '../stores/memory-alerts';
import type { CatalogTables } from '../stores/memory-catalog';
import type { BillsTable, NotificationsTable } from '../stores/memory-effects';
import { type OrderPaymentsTable, orderPaymentsTable } from '../stores/memory-order-payments';
import { type OrdersTable, ordersTable } from '../stores/memory-orders';
import { type PaymentsTable, paymentsTable } from '../stores/memory-payments';
import { type ProjectionsTable, projectionsTable } from '../stores/memory-projections';
import { type ReturnsTable, returnsTable } from '../stores/memory-returns';
import { type ProductStock, type StockTables, stockTables } from '../stores/memory-stock';
import type { Faults } from './faults';
import { newProviderLedger, type ProviderLedger } from './provider-ledger';
import type { Random } from './random';
import { type Scheduler, scheduler } from './scheduler';
import { intoStreams } from './streams';
import { type TenantsTable, tenantsTable } from './tenants';
import { type Timers, timers } from './timers';

const streamNames = [
  ...(['orders', 'reservations', 'stock', 'products', 'tenants', 'returns', 'alerts'] as const),
  ...(['payments', 'orderPayments'] as const),
];
export type StreamName = (typeof streamNames)[number];

/** A table's stream: what was written, and how far its relay has come. */
export type Stream = {
  readonly name: StreamName;
  readonly changes: StreamChange[];
  at: number;
  relaying: boolean;
  /** Until then its relay is not started. */
  restsUntil: number;
};
export type StreamChange = { readonly before?: Record<string, unknown>; readonly after: Record<string, unknown> };
type Streams = Readonly<Record<StreamName, Stream>>;

type SentMail = { readonly to: string; readonly subject: string };

type Tables = {
  readonly orders: OrdersTable;
  readonly stock: StockTables;
  readonly catalog: CatalogTables;
  readonly copies: ProjectionsTable;
  readonly tenants: TenantsTable;
  readonly returns: ReturnsTable;
  readonly alerts: AlertsTable;
  readonly payments: PaymentsTable;
  readonly orderPayments: OrderPaymentsTable;
  readonly bills: BillsTable;
  readonly notifications: NotificationsTable;
};

/** Everything that is not code of ours: time, tables, streams, mailboxes, and what goes wrong. */
export type World = Tables & {
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
};

export const startOfTime = Date.parse('2026-11-21T08:00:00.000Z');

/** The time that a process reads: its clock may be wrong. */
export const clockOf = (world: World): (() => Date) => {
  const skew = world.faults.at('clock', { 'five minutes fast': 0.01, 'five minutes slow': 0.01 });
  const offset = skew === undefined ? 0 : skew.endsWith('fast') ? 300_000 : -300_000;
  return () => new Date(world.now + offset);
};

/** Rows that tell of each write. */
class ToldRows<Row> extends Map<string, Row> {
  constructor(private readonly tell: (before: Row | undefined, after: Row, key: string) => void) {
    super();
  }

  override set(key: string, row: Row): this {
    const before = this.get(key);
    super.set(key, row);
    this.tell(before, row, key);
    return this;
  }
}

type Changed = (before: unknown, after: unknown) => void;

/** Rows whose changes go into a stream; what is put there first is nobody's news. */
const streamed = <Row extends object>(changed: Changed) =>
  new ToldRows<Row>((before, after, productId) => {
    if (before !== undefined) changed({ ...before, productId }, { ...after, productId });
  });

type Telling = {
  readonly now: () => Date;
  readonly into: (stream: StreamName) => Changed;
  /** Hears of each write to a table without a stream. */
  readonly count: () => void;
};

const tablesOf = ({ now, into, count }: Telling): Tables => ({
  orders: ordersTable(into('orders')),
  stock: {
    ...stockTables(now, into('reservations')),
    products: streamed<ProductStock>(into('stock')),
    movements: new ToldRows<Movement[]>(count),
  },
  catalog: { products: streamed<Product>(into('products')), categories: new Map() },
  copies: projectionsTable(),
  tenants: tenantsTable(into('tenants')),
  returns: returnsTable(into('returns')),
  alerts: alertsTable(into('alerts')),
  payments: paymentsTable(into('payments')),
  orderPayments: orderPaymentsTable(into('orderPayments')),
  bills: new ToldRows<Bill>(count),
  notifications: new ToldRows<Notification>(count),
});

/** An empty world. A change that its stream loses is never relayed. */
export const emptyWorld = (
  faults: Faults,
  random: Random,
  record: (line: string) => void,
  providerLedger = newProviderLedger(0),
): World => {
  const note = (line: string) => record(`${((world.now - startOfTime) / 1000).toFixed(1)} s  ${line}`);
  const stream = (name: StreamName): Stream => ({ name, changes: [], at: 0, relaying: false, restsUntil: 0 });
  const telling: Telling = {
    now: () => new Date(world.now),
    into: intoStreams(() => world),
    count: () => {
      world.writes += 1;
    },
  };
  const world: World = {
    random,
    faults,
    note,
    scheduler: scheduler(faults, random, note),
    timers: timers(),
    now: startOfTime,
    writes: 0,
    ...tablesOf(telling),
    mails: [],
    online: new Set(),
    refundedInFull: new Map(),
    providerLedger,
    streams: Object.fromEntries(streamNames.map((name) => [name, stream(name)])) as Streams,
    lost: new Set(),
  };
  return world;
};

export const allOrders = (world: World): Order[] => [...world.orders.rows.values()].flat();

export type OrderName = { readonly tenant: Tenant; readonly orderId: string };

export const orderNamed = ({ orders }: World, { tenant, orderId }: OrderName): Order | undefined =>
  orders.rows.get(tenantKey(tenant, orderId))?.[0];

export const reservationOf = ({ stock }: World, { tenant, orderId }: OrderName): Reservation | undefined =>
  stock.reservations.get(tenantKey(tenant, orderId));
