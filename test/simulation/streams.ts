import { hasNewFact } from '../../lambda/kernel/events/stream-relay';
import type { Faults } from './faults';

export const streamNames = [
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
export type Streams = Readonly<Record<StreamName, Stream>>;

/**
 * How often streams lose a change that something makes up for: the sweep asks again for orders and reservations, the
 * audit tells of stock, where few changes are news.
 */
const losses: Readonly<Partial<Record<StreamName, number>>> = {
  ...{ orders: 0.03, reservations: 0.03, stock: 0.1 },
  payments: 0.03,
};

type Image = {
  readonly orderId?: string;
  readonly productId?: string;
  readonly version: number;
  readonly fact?: object;
};

const nameOf = ({ orderId, productId, version }: Image) => `${orderId ?? productId}:${version}`;

/** Nobody waits for an answer to these, so nothing would make up for them. */
const told = [
  ...['OrderConfirmed', 'OrderDelivered', 'PaymentRefunded', 'PaymentRefundFailed', 'PaymentMismatchFound'],
  ...['PaymentDisputed', 'UnknownPaymentFound'],
];

const mustBeTold = ({ fact = {} }: Image): boolean => {
  const { type = '', late = false } = fact as { type?: string; late?: boolean };
  return told.includes(type) || late;
};

/** Rows without a fact and writes without a new version are told to nobody; of stock every new version may be news. */
const isNews = (name: StreamName, change: StreamChange): boolean =>
  name === 'stock' ? change.before?.version !== change.after.version : hasNewFact(change);

type Hearing = {
  readonly faults: Faults;
  readonly note: (line: string) => void;
  readonly streams: Streams;
  readonly lost: Set<string>;
  readonly isOpen: boolean;
};

/** Puts a change of a table into its stream, which may lose one now and then. */
export const intoStream = (world: Hearing, name: StreamName | undefined, change: StreamChange): void => {
  if (name === undefined || !world.isOpen || !isNews(name, change)) return;
  const { faults, note, lost, streams } = world;
  const after = change.after as Image;
  const chance = mustBeTold(after) ? undefined : losses[name];
  if (chance === undefined || faults.at(`stream ${name}`, { 'change lost': chance }) === undefined) {
    streams[name].changes.push(change);
    return;
  }
  note(`stream ${name}: change lost`);
  lost.add(nameOf(after));
};
