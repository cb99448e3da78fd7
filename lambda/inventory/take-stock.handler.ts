import * as z from 'zod';
import { OrderCancelled, OrderPlaced, OrderShipped } from '../contracts/events/order-events';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { consume } from '../kernel/events/queue-consumer';
import { count } from '../kernel/metrics';
import { takeStockEnv } from './env';
import { onStockExhausted, updateReservations } from './reservations/update-reservations';
import { stockStore } from './stock/stock.store';

const env = readEnv(takeStockEnv);
const now = () => new Date();
const stock = stockStore({ inventory: env.INVENTORY_TABLE, reservations: env.RESERVATIONS_TABLE }, documentClient(), {
  now,
});

export const handler = consume({
  consumer: 'inventory',
  schema: z.discriminatedUnion('type', [OrderPlaced, OrderCancelled, OrderShipped]),
  handle: updateReservations(stock),
  onExhausted: onStockExhausted(stock, () => count('StockShort', 1)),
  deadLetter: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
