import * as z from 'zod';
import { ProductCreated, ProductDiscontinued, ProductUpdated } from '../contracts/catalog-events';
import { StorefrontKeyCreated, StorefrontKeyDeleted, TenantCreated, TenantUpdated } from '../contracts/tenant-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { consume, oneByOne } from '../kernel/queue-consumer';
import { copyStore } from './copy.store';
import { keepCopiesEnv } from './env';
import { keepCopies } from './keep-copies';

const env = readEnv(keepCopiesEnv);

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
  handle: oneByOne(keepCopies(copyStore({ orders: env.ORDERS_TABLE, products: env.PRODUCTS_TABLE }, documentClient()))),
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now: () => new Date(),
});
