import * as z from 'zod';
import { ProductRestocked, ProductSoldOut } from '../contracts/inventory-events';
import { OrderPlaced } from '../contracts/order-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { consume, oneByOne } from '../kernel/queue-consumer';
import { followShopEnv } from './env';
import { followShop } from './follow-shop';
import { productStore } from './product.store';

const env = readEnv(followShopEnv);
const now = () => new Date();
const tables = { products: env.PRODUCTS_TABLE, categories: env.CATEGORIES_TABLE };

export const handler = consume({
  consumer: 'catalog',
  schema: z.discriminatedUnion('type', [ProductSoldOut, ProductRestocked, OrderPlaced]),
  handle: oneByOne(followShop({ products: productStore(tables, documentClient()), now })),
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
