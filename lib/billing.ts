import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { billOrderEnv, describeBillEnv } from '../lambda/billing/env';
import type { OrderEvent } from '../lambda/contracts/events/order-events';
import type { PaymentEvent } from '../lambda/contracts/events/payment-events';
import type { EnvFor } from '../lambda/kernel/env';
import type { StageConfig } from './config';
import { type Listening, QueueConsumer } from './constructs/queue-consumer';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import type { Messaging } from './messaging';

export interface BillingServiceProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly encryptionKey?: IKey | undefined;
}

/** Opens a bill for each placed order, and settles bills that were paid, refunded or cancelled. */
export class BillingService extends Construct {
  readonly billing: ServiceTable;
  readonly billOrder: ServiceFunction;
  readonly consumer: QueueConsumer<(OrderEvent | PaymentEvent)['type']>;
  private ownDescribeBill: ServiceFunction | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: BillingServiceProps,
  ) {
    super(scope, id);
    const { config, messaging, encryptionKey } = props;
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
    this.consumer = new QueueConsumer(this, 'Consumer', {
      queueName: 'billing-queue',
      topic: messaging.orderEvents,
      eventTypes: ['OrderPlaced.v2', 'OrderCancelled.v2', 'OrderPaymentUpdated.v2'],
      alsoFrom: paymentsOf(props),
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.billOrder,
      encryptionKey,
    });
  }

  /** The function that answers bill queries of the order service. */
  get describeBill(): ServiceFunction {
    this.ownDescribeBill ??= this.describeBillFunction();
    return this.ownDescribeBill;
  }

  private describeBillFunction(): ServiceFunction {
    const { config, encryptionKey } = this.props;
    const environment: EnvFor<typeof describeBillEnv> = { BILLING_TABLE: this.billing.tableName };
    const handler = 'billing/describe-bill';
    const describeBill = new ServiceFunction(this, 'TellOrder', { config, handler, environment, encryptionKey });
    this.billing.allow(describeBill, 'dynamodb:GetItem');
    return describeBill;
  }
}

const paymentsOf = ({ config, messaging }: BillingServiceProps): Listening<PaymentEvent['type']>[] =>
  config.services === 'core' ? [] : [{ topic: messaging.paymentEvents, eventTypes: ['PaymentSucceeded.v1'] }];
