import * as z from 'zod';
import { ProductCreated, ProductDiscontinued, ProductUpdated } from '../contracts/events/catalog-events';
import {
  StorefrontKeyCreated,
  StorefrontKeyDeleted,
  TenantCreated,
  TenantUpdated,
} from '../contracts/events/tenant-events';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { consume, oneByOne } from '../kernel/events/queue-consumer';
import { projectShopDataEnv } from './env';
import { projectShopData } from './shop/project-shop-data';
import { shopStore } from './shop/shop.store';

const env = readEnv(projectShopDataEnv);

export const handler = consume({
  consumer: 'order-copy',
  schema: z.discriminatedUnion('type', [
    ProductCreated,
    ProductUpdated,
    ProductDiscontinued,
    TenantCreated,
    TenantUpdated,
    StorefrontKeyCreated,
    StorefrontKeyDeleted,
  ]),
  handle: oneByOne(
    projectShopData(shopStore({ orders: env.ORDERS_TABLE, products: env.PRODUCTS_TABLE }, documentClient())),
  ),
  deadLetter: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now: () => new Date(),
});
