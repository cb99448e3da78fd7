import * as z from 'zod';
import { OrderCancelled, OrderPlaced, OrderShipped } from '../contracts/order-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { count } from '../kernel/metrics';
import { consume } from '../kernel/queue-consumer';
import { takeStockEnv } from './env';
import { stockStore } from './stock.store';
import { giveUpOnStock, takeStock } from './take-stock';

const env = readEnv(takeStockEnv);
const now = () => new Date();
const stock = stockStore({ inventory: env.INVENTORY_TABLE, reservations: env.RESERVATIONS_TABLE }, documentClient(), {
  now,
});

export const handler = consume({
  consumer: 'inventory',
  schema: z.discriminatedUnion('type', [OrderPlaced, OrderCancelled, OrderShipped]),
  handle: takeStock(stock),
  giveUp: giveUpOnStock(stock, () => count('StockShort', 1)),
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
