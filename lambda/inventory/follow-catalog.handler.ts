import * as z from 'zod';
import { ProductCreated, ProductDiscontinued, ProductUpdated } from '../contracts/catalog-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { consume, oneByOne } from '../kernel/queue-consumer';
import { followCatalogEnv } from './env';
import { followCatalog } from './follow-catalog';
import { ledgerStore } from './ledger.store';

const env = readEnv(followCatalogEnv);
const now = () => new Date();
const ledger = ledgerStore({ inventory: env.INVENTORY_TABLE, movements: '' }, documentClient());

export const handler = consume({
  consumer: 'inventory-catalog',
  schema: z.discriminatedUnion('type', [ProductCreated, ProductUpdated, ProductDiscontinued]),
  handle: oneByOne(followCatalog(ledger, now)),
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
