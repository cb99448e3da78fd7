import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { EnvFor } from '../lambda/kernel/env';
import type { countSalesEnv } from '../lambda/sales/env';
import type { StageConfig } from './config';
import { QueueConsumer } from './constructs/queue-consumer';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import type { KnownOrderSystem } from './known-order-system';

export interface SalesServiceProps {
  readonly config: StageConfig;
  readonly orderSystem: KnownOrderSystem;
  readonly encryptionKey?: IKey | undefined;
}

/** Counts the units sold of each product: those of confirmed orders, less those of cancelled ones. */
export class SalesService extends Construct {
  constructor(scope: Construct, id: string, { config, orderSystem, encryptionKey }: SalesServiceProps) {
    super(scope, id);
    const { orderEvents, deadLetterQueue } = orderSystem;
    const sales = new ServiceTable(this, 'ProductSales', {
      config,
      encryptionKey,
      tableName: 'product-sales',
      partitionKey: { name: 'tenantId', type: AttributeType.STRING },
      sortKey: { name: 'subject', type: AttributeType.STRING },
    });
    const environment: EnvFor<typeof countSalesEnv> = {
      PRODUCT_SALES_TABLE: sales.tableName,
      DEAD_LETTER_QUEUE_URL: deadLetterQueue.queueUrl,
    };
    const countSales = new ServiceFunction(this, 'CountSales', {
      config,
      handler: 'sales/count-sales',
      environment,
      timeout: config.consumerTimeout,
      encryptionKey,
    });
    sales.allow(countSales, 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    new QueueConsumer(this, 'Consumer', {
      queueName: 'sales-queue',
      topic: orderEvents,
      eventTypes: ['OrderConfirmed.v2', 'OrderCancelled.v2'],
      deadLetterQueue,
      handler: countSales,
      maxConcurrency: 5, // all of them write the counters of the bestsellers
      encryptionKey,
    });
  }
}
