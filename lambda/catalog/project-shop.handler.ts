import * as z from 'zod';
import { ProductRestocked, ProductSoldOut } from '../contracts/events/inventory-events';
import { OrderPlaced } from '../contracts/events/order-events';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { consume, oneByOne } from '../kernel/events/queue-consumer';
import { projectShopEnv } from './env';
import { productStore } from './products/product.store';
import { projectShop } from './project-shop';

const env = readEnv(projectShopEnv);
const now = () => new Date();
const tables = { products: env.PRODUCTS_TABLE, categories: env.CATEGORIES_TABLE };

export const handler = consume({
  consumer: 'catalog',
  schema: z.discriminatedUnion('type', [ProductSoldOut, ProductRestocked, OrderPlaced]),
  handle: oneByOne(projectShop({ products: productStore(tables, documentClient()), now })),
  deadLetter: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
