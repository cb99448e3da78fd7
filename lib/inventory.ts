import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { OrderEvent } from '../lambda/contracts/order-events';
import type { takeStockEnv } from '../lambda/inventory/env';
import type { EnvFor } from '../lambda/kernel/env';
import type { StageConfig } from './config';
import { maxReceiveCount, QueueConsumer } from './constructs/queue-consumer';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import { StreamRelay } from './constructs/stream-relay';
import type { Messaging } from './messaging';

export interface InventoryServiceProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly encryptionKey?: IKey | undefined;
}

/** Reserves stock for placed orders, gives it back for cancelled ones, and never oversells. */
export class InventoryService extends Construct {
  readonly inventory: ServiceTable;
  readonly reservations: ServiceTable;
  readonly takeStock: ServiceFunction;
  readonly relay: StreamRelay;
  readonly consumer: QueueConsumer<OrderEvent['type']>;

  constructor(scope: Construct, id: string, { config, messaging, encryptionKey }: InventoryServiceProps) {
    super(scope, id);
    const common = { config, encryptionKey };
    this.inventory = new ServiceTable(this, 'Inventory', {
      ...common,
      tableName: 'inventory',
      partitionKey: { name: 'productId', type: AttributeType.STRING },
    });
    this.reservations = new ServiceTable(this, 'Reservations', {
      ...common,
      tableName: 'reservations',
      partitionKey: { name: 'orderId', type: AttributeType.STRING },
      relayed: true,
    });
    const environment: EnvFor<typeof takeStockEnv> = {
      INVENTORY_TABLE: this.inventory.tableName,
      RESERVATIONS_TABLE: this.reservations.tableName,
      DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
      MAX_RECEIVE_COUNT: String(maxReceiveCount),
    };
    this.takeStock = new ServiceFunction(this, 'TakeStock', {
      ...common,
      handler: 'inventory/take-stock',
      environment,
      timeout: config.consumerTimeout,
    });
    this.inventory.allow(this.takeStock, 'dynamodb:UpdateItem');
    this.reservations.allow(this.takeStock, 'dynamodb:UpdateItem', 'dynamodb:GetItem');
    this.consumer = new QueueConsumer(this, 'Consumer', {
      queueName: 'inventory-queue',
      topic: messaging.orderEvents,
      eventTypes: ['OrderPlaced.v1', 'OrderCancelled.v1'],
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.takeStock,
      encryptionKey,
      maxConcurrency: 5, // more at once on a hot product would only buy cancelled transactions
    });
    this.relay = new StreamRelay(this, 'Relay', {
      ...common,
      handler: 'inventory/relay-inventory-events',
      table: this.reservations,
      topic: messaging.inventoryEvents,
      parkingQueueName: 'inventory-relay-dlq',
    });
  }
}
