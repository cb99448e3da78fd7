import type { Reservation } from '../../lambda/inventory/inventory';
import type { Tenant } from '../../lambda/kernel/tenant';
import type { Order } from '../../lambda/order/order';
import type { BillsTable, NotificationsTable } from '../stores/memory-effects';
import { type OrdersTable, ordersTable } from '../stores/memory-orders';
import { type StockTables, stockTables } from '../stores/memory-stock';
import type { Faults } from './faults';
import type { Random } from './random';
import { type Scheduler, scheduler } from './scheduler';

/** A table's stream: what was written, and how far its relay has come. */
export type Stream = { readonly name: string; readonly changes: StreamChange[]; at: number; relaying: boolean };
export type StreamChange = { readonly before?: Record<string, unknown>; readonly after: Record<string, unknown> };

export type SentMail = { readonly to: string; readonly subject: string };

/** Everything that is not code of ours: time, tables, streams, mailboxes, and what goes wrong. */
export type World = {
  readonly random: Random;
  readonly faults: Faults;
  readonly scheduler: Scheduler;
  readonly note: (line: string) => void;
  now: number;
  readonly orders: OrdersTable;
  readonly stock: StockTables;
  readonly bills: BillsTable;
  readonly notifications: NotificationsTable;
  readonly mails: SentMail[];
  readonly received: Map<string, number>; // units of stock that ever came in, by product
  readonly streams: { readonly orders: Stream; readonly reservations: Stream };
};

export const startOfTime = Date.parse('2026-11-21T08:00:00.000Z');

/** The time that a process reads: its clock may be wrong. */
export const clockOf = (world: World): (() => Date) => {
  const skew = world.faults.at('clock', { 'five minutes fast': 0.01, 'five minutes slow': 0.01 });
  const offset = skew === undefined ? 0 : skew.endsWith('fast') ? 300_000 : -300_000;
  return () => new Date(world.now + offset);
};

const stream = (name: string): Stream => ({ name, changes: [], at: 0, relaying: false });

export type Heard = {
  readonly order: (before: Order | undefined, after: Order) => void;
  readonly reservation: (before: Reservation | undefined, after: Reservation) => void;
};

/** An empty world. A change that its stream loses is never relayed. */
export const emptyWorld = (faults: Faults, random: Random, record: (line: string) => void): World => {
  const note = (line: string) => record(`${((world.now - startOfTime) / 1000).toFixed(1)} s  ${line}`);
  const streams = { orders: stream('orders'), reservations: stream('reservations') };
  const changed = (into: Stream) => (before: unknown, after: unknown) => {
    if (faults.at(`stream ${into.name}`, { 'change lost': 0.03 }) !== undefined) {
      note(`stream ${into.name}: change lost`);
      return;
    }
    into.changes.push({ before, after } as StreamChange);
  };
  const world: World = {
    random,
    faults,
    note,
    scheduler: scheduler(faults, random, note),
    now: startOfTime,
    orders: ordersTable(changed(streams.orders)),
    stock: stockTables(() => new Date(world.now), changed(streams.reservations)),
    bills: new Map(),
    notifications: new Map(),
    mails: [],
    received: new Map(),
    streams,
  };
  return world;
};

export const allOrders = (world: World): Order[] => [...world.orders.rows.values()].flat();

export type OrderName = { readonly tenant: Tenant; readonly orderId: string };
