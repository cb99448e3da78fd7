import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { FilterRule } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { OrderEvent } from '../lambda/contracts/events/order-events';
import type { describeReservationEnv, takeStockEnv } from '../lambda/inventory/env';
import type { EnvFor } from '../lambda/kernel/env';
import type { StageConfig } from './config';
import { QueueConsumer } from './constructs/queue-consumer';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import { StreamRelay } from './constructs/stream-relay';
import type { Messaging } from './messaging';

export interface InventoryServiceProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly encryptionKey?: IKey | undefined;
}

const string = AttributeType.STRING;
const hasDiscrepancy = { discrepancy: { M: { onHand: { N: FilterRule.exists() } } } };

/** Filters the few stock changes with events: sold out, restocked, or a discrepancy of the audit. */
const publishedStockChanges = [
  { dynamodb: { NewImage: { stock: { N: ['0'] } } } },
  { dynamodb: { OldImage: { stock: { N: ['0'] } } } },
  { dynamodb: { NewImage: hasDiscrepancy } },
  { dynamodb: { OldImage: hasDiscrepancy } },
];

/** Reserves stock for placed orders, releases it for cancelled ones and deducts it for shipped ones. Never oversells. */
export class InventoryService extends Construct {
  readonly inventory: ServiceTable;
  readonly reservations: ServiceTable;
  readonly takeStock: ServiceFunction;
  /** Answers queries of the order service. */
  readonly describeReservation: ServiceFunction;
  readonly relay: StreamRelay;
  readonly consumer: QueueConsumer<OrderEvent['type']>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: InventoryServiceProps,
  ) {
    super(scope, id);
    this.inventory = this.inventoryTable();
    this.reservations = this.reservationsTable();
    this.takeStock = this.takeStockFunction();
    this.consumer = this.orderConsumer();
    this.relay = this.inventoryRelay();
    this.describeReservation = this.describeReservationFunction();
  }

  private common() {
    const { config, encryptionKey } = this.props;
    return { config, encryptionKey };
  }

  private tables() {
    return { INVENTORY_TABLE: this.inventory.tableName, RESERVATIONS_TABLE: this.reservations.tableName };
  }

  private inventoryTable(): ServiceTable {
    const inventory = new ServiceTable(this, 'Inventory', {
      ...this.common(),
      tableName: 'inventory',
      partitionKey: { name: 'productId', type: string },
      relayed: true,
    });
    inventory.addGlobalSecondaryIndex({
      indexName: 'byTenant',
      partitionKey: { name: 'listedIn', type: string },
      sortKey: { name: 'productId', type: string },
      projectionType: ProjectionType.KEYS_ONLY, // so that a change of stock is not written to the index
    });
    inventory.addGlobalSecondaryIndex({
      indexName: 'byChange', // sparse, for the audit: further changes of stock do not write it again
      partitionKey: { name: 'changedIn', type: string },
      sortKey: { name: 'productId', type: string },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    return inventory;
  }

  private reservationsTable(): ServiceTable {
    const reservations = new ServiceTable(this, 'Reservations', {
      ...this.common(),
      tableName: 'reservations',
      partitionKey: { name: 'orderId', type: string },
      relayed: true,
    });
    reservations.addGlobalSecondaryIndex({
      indexName: 'byChange', // for the audit: one entry for all orders of a transaction
      partitionKey: { name: 'changedIn', type: string },
      sortKey: { name: 'changedAt', type: string },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    return reservations;
  }

  private takeStockFunction(): ServiceFunction {
    const environment: EnvFor<typeof takeStockEnv> = {
      ...this.tables(),
      DEAD_LETTER_QUEUE_URL: this.props.messaging.deadLetterQueue.queueUrl,
    };
    const takeStock = new ServiceFunction(this, 'TakeStock', {
      ...this.common(),
      handler: 'inventory/take-stock',
      environment,
      timeout: this.props.config.consumerTimeout,
    });
    this.inventory.allow(takeStock, 'dynamodb:UpdateItem');
    this.reservations.allow(takeStock, 'dynamodb:UpdateItem', 'dynamodb:GetItem');
    return takeStock;
  }

  private orderConsumer(): QueueConsumer<OrderEvent['type']> {
    const { messaging, encryptionKey } = this.props;
    return new QueueConsumer(this, 'Consumer', {
      queueName: 'inventory-queue',
      topic: messaging.orderEvents,
      eventTypes: ['OrderPlaced.v2', 'OrderCancelled.v2', 'OrderShipped.v2'],
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.takeStock,
      encryptionKey,
      maxConcurrency: 5, // more at once on a hot product would only cancel transactions
    });
  }

  private inventoryRelay(): StreamRelay {
    return new StreamRelay(this, 'Relay', {
      ...this.common(),
      handler: 'inventory/relay-inventory-events',
      table: this.reservations,
      alsoFrom: { table: this.inventory, patterns: publishedStockChanges },
      topic: this.props.messaging.inventoryEvents,
      deadLetterQueueName: 'inventory-relay-dlq',
    });
  }

  private describeReservationFunction(): ServiceFunction {
    const environment: EnvFor<typeof describeReservationEnv> = this.tables();
    const describe = new ServiceFunction(this, 'TellOrder', {
      ...this.common(),
      handler: 'inventory/describe-reservation',
      environment,
    });
    this.inventory.allow(describe, 'dynamodb:BatchGetItem');
    this.reservations.allow(describe, 'dynamodb:GetItem');
    return describe;
  }
}
