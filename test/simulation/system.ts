import { orderAlertEvents } from '../../lambda/alert/payments/payment-alerts';
import { orderPaymentFromRow } from '../../lambda/alert/payments/payment-state-row';
import { alertEvent } from '../../lambda/alert/stock/alert';
import { alertFromRow } from '../../lambda/alert/stock/alert-row';
import { productFromRow } from '../../lambda/catalog/products/product-row';
import { maxEventBytes } from '../../lambda/contracts/events/event';
import { reservationFromRow } from '../../lambda/inventory/reservations/reservation';
import { stockFromRow } from '../../lambda/inventory/stock/stock-item';
import type { Change, RelayOptions } from '../../lambda/kernel/events/stream-relay';
import { orderFromRow } from '../../lambda/order/order-row';
import { returnEvent } from '../../lambda/return/return';
import { returnFromRow } from '../../lambda/return/return-row';
import type { Io } from '../stores/io';
import { siteOf } from './client';
import { consumers, type Handler } from './consumers';
import { countingFailures } from './counted-failures';
import type { Messaging } from './messaging';
import { type Parts, timeouts } from './parts';
import { paying, watching } from './paying';
import type { QueueName } from './queues';
import type { Stream, StreamName } from './streams';
import { tenantEvent } from './tenants';
import { clockOf, type World } from './world';

type Told = Pick<RelayOptions, 'toEvent' | 'isRelayed'>;

const relayed = (parts: Parts): Readonly<Record<StreamName, Told>> => ({
  orders: { toEvent: (image) => parts.orderEvents(orderFromRow(image)) },
  reservations: { toEvent: (image) => parts.reservationEvents(reservationFromRow(image)) },
  stock: {
    isRelayed: ({ before, after }: Change) => before !== undefined && before.version !== after.version,
    toEvent: (image, before) => parts.stockEvents(before && stockFromRow(before), stockFromRow(image)),
  },
  products: { toEvent: (image) => parts.catalogEvent(productFromRow(image)) },
  tenants: { toEvent: tenantEvent },
  returns: { toEvent: (image) => returnEvent(returnFromRow(image)) },
  alerts: { toEvent: (image) => alertEvent(alertFromRow(image)) },
  payments: { toEvent: parts.paymentImageEvent },
  orderPayments: { toEvent: (image) => orderAlertEvents(orderPaymentFromRow(image)) },
});

/** What runs by itself: consumers, relays, the sweeps, the poller and the audit, each for one process that talks through `io`. */
export const system = (world: World, messages: Messaging, parts: Parts) => {
  const told = relayed(parts);

  const relay = (io: Io, stream: Stream, batchSize: number) => {
    const options = {
      ...told[stream.name],
      relay: stream.name,
      publish: messages.publisher(io),
      deadLetter: messages.parking(io),
      maxEventBytes,
      now: clockOf(world),
    };
    return parts.relayChanges(options, stream.changes.slice(stream.at, stream.at + batchSize));
  };

  const sweep = (io: Io) =>
    parts.sweepDueOrders({
      orders: parts.orderStore(siteOf(world, io)),
      publish: messages.publisher(io),
      timeouts,
      now: clockOf(world),
    });

  const audit = (io: Io) =>
    parts.auditStock({
      audit: parts.auditStore(siteOf(world, io)),
      ledger: parts.ledgerStore(siteOf(world, io)),
      publish: messages.publisher(io),
      now: clockOf(world),
    })();

  const sleep = (ms: number) => new Promise<void>((resolve) => world.timers.set(world.now + ms, resolve));

  const poll = (io: Io) => parts.pollPayments({ ...paying(world, parts, io), sleep });

  const checkDeadlines = (io: Io) => parts.checkDeadlines({ ...watching(world, parts, io), sleep });

  const consume = (queue: QueueName, io: Io): Handler => {
    const counting = countingFailures({ messages, queue, io }, parts.consume);
    return consumers[queue]({ world, messages, parts: { ...parts, consume: counting } }, io);
  };

  return { consume, relay, sweep, audit, poll, checkDeadlines };
};

export type System = ReturnType<typeof system>;
