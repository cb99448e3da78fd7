import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { ReturnEvent } from '../lambda/contracts/events/return-events';
import type { takeReturnsEnv } from '../lambda/inventory/env';
import type { EnvFor } from '../lambda/kernel/env';
import type { StageConfig } from './config';
import { QueueConsumer } from './constructs/queue-consumer';
import { ServiceFunction } from './constructs/service-function';
import type { ServiceTable } from './constructs/service-table';
import type { Messaging } from './messaging';

export interface StockReturnsProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly inventory: ServiceTable;
  readonly movements: ServiceTable;
  readonly encryptionKey?: IKey | undefined;
}

/** Books the goods of completed returns into stock. */
export class StockReturns extends Construct {
  readonly consumer: QueueConsumer<ReturnEvent['type']>;

  constructor(scope: Construct, id: string, props: StockReturnsProps) {
    super(scope, id);
    const { config, messaging, inventory, movements, encryptionKey } = props;
    const environment: EnvFor<typeof takeReturnsEnv> = {
      INVENTORY_TABLE: inventory.tableName,
      MOVEMENTS_TABLE: movements.tableName,
      DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
    };
    const handler = new ServiceFunction(this, 'Function', {
      config,
      encryptionKey,
      handler: 'inventory/take-returns',
      environment,
      timeout: config.consumerTimeout,
    });
    inventory.allow(handler, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    movements.allow(handler, 'dynamodb:GetItem', 'dynamodb:PutItem');
    this.consumer = new QueueConsumer(this, 'Consumer', {
      queueName: 'inventory-return-queue',
      topic: messaging.returnEvents,
      eventTypes: ['ReturnCompleted.v2'],
      deadLetterQueue: messaging.deadLetterQueue,
      handler,
      encryptionKey,
    });
  }
}
