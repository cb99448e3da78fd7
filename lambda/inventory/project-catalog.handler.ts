import * as z from 'zod';
import { ProductCreated, ProductDiscontinued, ProductUpdated } from '../contracts/events/catalog-events';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { consume, oneByOne } from '../kernel/events/queue-consumer';
import { projectCatalogEnv } from './env';
import { ledgerStore } from './stock/ledger.store';
import { projectCatalog } from './stock/project-catalog';

const env = readEnv(projectCatalogEnv);
const now = () => new Date();
const ledger = ledgerStore({ inventory: env.INVENTORY_TABLE, movements: '' }, documentClient());

export const handler = consume({
  consumer: 'inventory-catalog',
  schema: z.discriminatedUnion('type', [ProductCreated, ProductUpdated, ProductDiscontinued]),
  handle: oneByOne(projectCatalog(ledger, now)),
  deadLetter: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
