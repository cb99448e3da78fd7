import type { SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { billOrders } from '../../lambda/billing/bill-orders';
import { maxEventBytes } from '../../lambda/contracts/event';
import { StockReleased, StockReserved, StockShort } from '../../lambda/contracts/inventory-events';
import { OrderCancelled, OrderPlaced } from '../../lambda/contracts/order-events';
import { inventoryEvent } from '../../lambda/inventory/inventory-event';
import { reservationFromRow } from '../../lambda/inventory/reservation-row';
import { giveUpOnStock, takeStock } from '../../lambda/inventory/take-stock';
import { consume, oneByOne } from '../../lambda/kernel/queue-consumer';
import { relayChanges } from '../../lambda/kernel/stream-relay';
import { notifyCustomers } from '../../lambda/notification/notify-customer';
import { advanceOrder } from '../../lambda/order/advance-order';
import type { Patience } from '../../lambda/order/order';
import { orderEvent } from '../../lambda/order/order-event';
import { orderFromRow } from '../../lambda/order/order-row';
import { sweepDueOrders } from '../../lambda/order/sweep-due-orders';
import type { Io } from '../stores/io';
import { memoryBillStore, memoryNotificationStore } from '../stores/memory-effects';
import { memoryOrderStore } from '../stores/memory-orders';
import { memoryStockStore } from '../stores/memory-stock';
import { mailbox } from './mailbox';
import type { Messaging } from './messaging';
import { maxReceives, type QueueName } from './queues';
import { clockOf, type Stream, type World } from './world';

export const patience: Patience = { answerSeconds: 60, backorderSeconds: 1800 };

/** The parts that the system is put together from. A planted bug replaces one of them. */
export const soundParts = {
  orderStore: memoryOrderStore,
  stockStore: memoryStockStore,
  billStore: memoryBillStore,
  notificationStore: memoryNotificationStore,
  orderEvent,
  inventoryEvent,
  consume,
  takeStock,
  advanceOrder,
  relayChanges,
  sweepDueOrders,
};
export type Parts = typeof soundParts;

const StockCommand = z.discriminatedUnion('type', [OrderPlaced, OrderCancelled]);
const StockAnswer = z.discriminatedUnion('type', [StockReserved, StockShort, StockReleased]);

type Handler = (event: SQSEvent) => Promise<{ batchItemFailures: readonly { itemIdentifier: string }[] }>;

/** The handlers as their Lambda entries put them together, each for one process that talks through `io`. */
export const system = (world: World, messages: Messaging, parts: Parts) => {
  const refused = () => world.faults.at('row of a batch', { throttled: 0.01 }) !== undefined;

  const shared = (io: Io, consumer: string) => ({
    consumer,
    park: messages.parking(io),
    maxReceiveCount: maxReceives,
    now: clockOf(world),
  });

  const inventory = (io: Io): Handler => {
    const stock = parts.stockStore(world.stock, io);
    const giveUp = giveUpOnStock(stock, () => undefined);
    return parts.consume({ ...shared(io, 'inventory'), schema: StockCommand, handle: parts.takeStock(stock), giveUp });
  };

  const notification = (io: Io): Handler => {
    const options = shared(io, 'notification');
    const { notifications, email } = mailbox(world, io, parts.notificationStore(world.notifications, io, refused));
    const handle = notifyCustomers({ notifications, email, now: options.now });
    return parts.consume({ ...options, schema: StockCommand, handle });
  };

  const billing = (io: Io): Handler => {
    const handle = billOrders(parts.billStore(world.bills, io, refused));
    return parts.consume({ ...shared(io, 'billing'), schema: StockCommand, handle });
  };

  const saga = (io: Io): Handler => {
    const options = shared(io, 'order-saga');
    const handle = oneByOne(
      parts.advanceOrder({
        orders: parts.orderStore(world.orders, io),
        patience,
        patienceOf: async () => patience,
        now: options.now,
      }),
    );
    return parts.consume({ ...options, schema: StockAnswer, handle });
  };

  const relay = (io: Io, stream: Stream, batchSize: number) => {
    const toOrderEvent = (image: Record<string, unknown>) => parts.orderEvent(orderFromRow(image));
    const toInventoryEvent = (image: Record<string, unknown>) => parts.inventoryEvent(reservationFromRow(image));
    const options = {
      relay: stream.name,
      toEvent: stream === world.streams.orders ? toOrderEvent : toInventoryEvent,
      publish: messages.publisher(io),
      park: messages.parking(io),
      maxEventBytes,
      now: clockOf(world),
    };
    return parts.relayChanges(options, stream.changes.slice(stream.at, stream.at + batchSize));
  };

  const sweep = (io: Io) =>
    parts.sweepDueOrders({
      orders: parts.orderStore(world.orders, io),
      publish: messages.publisher(io),
      patience,
      now: clockOf(world),
    });

  const consumers: Readonly<Record<QueueName, (io: Io) => Handler>> = {
    'inventory-queue': inventory,
    'notification-queue': notification,
    'billing-queue': billing,
    'order-saga-queue': saga,
  };
  return { consumers, relay, sweep };
};

export type System = ReturnType<typeof system>;
