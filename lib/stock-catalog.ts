import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { CatalogEvent } from '../lambda/contracts/events/catalog-events';
import type { projectCatalogEnv } from '../lambda/inventory/env';
import type { EnvFor } from '../lambda/kernel/env';
import type { StageConfig } from './config';
import { QueueConsumer } from './constructs/queue-consumer';
import { ServiceFunction } from './constructs/service-function';
import type { ServiceTable } from './constructs/service-table';
import type { Messaging } from './messaging';

export interface StockCatalogProps {
  readonly config: StageConfig;
  readonly inventory: ServiceTable;
  readonly messaging: Messaging;
  /** @default keys that AWS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** Projects catalog events into a stock row for every product. */
export class StockCatalog extends Construct {
  readonly consumer: QueueConsumer<CatalogEvent['type']>;

  constructor(scope: Construct, id: string, { config, inventory, messaging, encryptionKey }: StockCatalogProps) {
    super(scope, id);
    const { catalogEvents, deadLetterQueue } = messaging;
    const environment: EnvFor<typeof projectCatalogEnv> = {
      INVENTORY_TABLE: inventory.tableName,
      DEAD_LETTER_QUEUE_URL: deadLetterQueue.queueUrl,
    };
    const handler = new ServiceFunction(this, 'Follow', {
      config,
      encryptionKey,
      handler: 'inventory/project-catalog',
      environment,
      timeout: config.consumerTimeout,
    });
    inventory.allow(handler, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    this.consumer = new QueueConsumer(this, 'Consumer', {
      queueName: 'inventory-catalog-queue',
      topic: catalogEvents,
      eventTypes: ['ProductCreated.v1', 'ProductUpdated.v1', 'ProductDiscontinued.v1'],
      deadLetterQueue,
      handler,
      encryptionKey,
    });
  }
}
