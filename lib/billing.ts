import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { billOrderEnv, tellOrderEnv } from '../lambda/billing/env';
import type { OrderEvent } from '../lambda/contracts/order-events';
import type { PaymentEvent } from '../lambda/contracts/payment-events';
import type { EnvFor } from '../lambda/kernel/env';
import type { StageConfig } from './config';
import { QueueConsumer } from './constructs/queue-consumer';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import type { Messaging } from './messaging';

export interface BillingServiceProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly encryptionKey?: IKey | undefined;
}

/** Opens a bill for each placed order, and settles those that were paid or cancelled. */
export class BillingService extends Construct {
  readonly billing: ServiceTable;
  readonly billOrder: ServiceFunction;
  /** Answers the order service at once. */
  readonly tellOrder: ServiceFunction;
  readonly consumer: QueueConsumer<(OrderEvent | PaymentEvent)['type']>;

  constructor(scope: Construct, id: string, { config, messaging, encryptionKey }: BillingServiceProps) {
    super(scope, id);
    this.billing = new ServiceTable(this, 'Billing', {
      config,
      encryptionKey,
      tableName: 'billing',
      partitionKey: { name: 'billingId', type: AttributeType.STRING },
      sortKey: { name: 'orderId', type: AttributeType.STRING },
    });
    const environment: EnvFor<typeof billOrderEnv> = {
      BILLING_TABLE: this.billing.tableName,
      DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
    };
    this.billOrder = new ServiceFunction(this, 'BillOrder', {
      config,
      handler: 'billing/bill-order',
      environment,
      timeout: config.consumerTimeout,
      encryptionKey,
    });
    this.billing.allow(this.billOrder, 'dynamodb:PartiQLInsert', 'dynamodb:UpdateItem');
    const telling: EnvFor<typeof tellOrderEnv> = { BILLING_TABLE: this.billing.tableName };
    this.tellOrder = new ServiceFunction(this, 'TellOrder', {
      config,
      handler: 'billing/tell-order',
      environment: telling,
      encryptionKey,
    });
    this.billing.allow(this.tellOrder, 'dynamodb:GetItem');
    this.consumer = new QueueConsumer(this, 'Consumer', {
      queueName: 'billing-queue',
      topic: messaging.orderEvents,
      eventTypes: ['OrderPlaced.v1', 'OrderCancelled.v1'],
      alsoFrom: [{ topic: messaging.paymentEvents, eventTypes: ['PaymentSucceeded.v1'] }],
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.billOrder,
      encryptionKey,
    });
  }
}
