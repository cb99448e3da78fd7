import { Duration } from 'aws-cdk-lib';
import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { checkDeadlinesEnv, reconcilePaymentsEnv } from '../lambda/alert/env';
import type { OrderEvent } from '../lambda/contracts/events/order-events';
import type { PaymentEvent } from '../lambda/contracts/events/payment-events';
import type { EnvFor } from '../lambda/kernel/env';
import type { StageConfig } from './config';
import { runEveryMinute } from './constructs/every-minute';
import { QueueConsumer } from './constructs/queue-consumer';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import type { Messaging } from './messaging';

export interface PaymentReconciliationProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  /** The functions that are queried before an alert about a missing event is raised. */
  readonly owners: { readonly order: ServiceFunction; readonly payment: ServiceFunction };
  readonly encryptionKey?: IKey | undefined;
}

const string = AttributeType.STRING;

const orders: readonly OrderEvent['type'][] = [
  'OrderPlaced.v2',
  'OrderBackordered.v2',
  'OrderAwaitingPayment.v2',
  'OrderConfirmed.v2',
  'OrderShipped.v2',
  'OrderDelivered.v2',
  'OrderCancelled.v2',
  'OrderReturned.v2',
];
const payments: readonly PaymentEvent['type'][] = [
  'PaymentSucceeded.v1',
  'PaymentFailed.v1',
  'PaymentRefunded.v1',
  'PaymentRefundFailed.v1',
  'PaymentMismatchFound.v1',
  'PaymentDisputed.v1',
];

/**
 * Reconciles orders with their payments: on each of their events, 30 s after those that start a deadline, and each
 * minute.
 */
export class PaymentReconciliation extends Construct {
  /** The last known state of each order and its payment. */
  readonly states: ServiceTable;
  readonly reconcilePayments: ServiceFunction;
  readonly checkDeadlines: ServiceFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PaymentReconciliationProps,
  ) {
    super(scope, id);
    const { config, encryptionKey } = props;
    this.states = new ServiceTable(this, 'States', {
      config,
      encryptionKey,
      tableName: 'order-payment-store',
      partitionKey: { name: 'orderId', type: string },
      relayed: true,
    });
    this.states.addGlobalSecondaryIndex({
      indexName: 'byDueAt',
      partitionKey: { name: 'dueShard', type: string },
      sortKey: { name: 'dueAt', type: string },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.reconcilePayments = this.reconcilePaymentsFunction();
    this.consume('Consumer', 'order-payment-queue', { orders, payments });
    const delayed = { orders: ['OrderConfirmed.v2'], payments: ['PaymentSucceeded.v1'] } as const;
    this.consume('Deadlines', 'alert-deadline-queue', delayed, { deliveryDelay: Duration.seconds(30) });
    this.checkDeadlines = this.checkDeadlinesFunction();
  }

  private reconciliationEnvironment() {
    const { config, owners } = this.props;
    const { refund, stuck } = config.alertTimeouts;
    return {
      ORDER_FUNCTION: owners.order.functionName,
      PAYMENT_FUNCTION: owners.payment.functionName,
      ORDER_PAYMENT_TABLE: this.states.tableName,
      REFUND_SECONDS: String(refund.toSeconds()),
      STUCK_SECONDS: String(stuck.toSeconds()),
    };
  }

  private reconcilePaymentsFunction(): ServiceFunction {
    const { config, messaging, encryptionKey } = this.props;
    const environment: EnvFor<typeof reconcilePaymentsEnv> = {
      ...this.reconciliationEnvironment(),
      DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
    };
    const reconcile = new ServiceFunction(this, 'WatchPayments', {
      config,
      encryptionKey,
      handler: 'alert/reconcile-payments',
      environment,
      timeout: config.consumerTimeout,
    });
    this.states.allow(reconcile, 'dynamodb:GetItem', 'dynamodb:PutItem');
    this.allowOwnerQueries(reconcile);
    return reconcile;
  }

  private allowOwnerQueries(grantee: ServiceFunction): void {
    const { order, payment } = this.props.owners;
    const resourceArns = [order.functionArn, payment.functionArn];
    Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns });
  }

  private consume(
    id: string,
    queueName: string,
    events: { readonly orders: readonly OrderEvent['type'][]; readonly payments: readonly PaymentEvent['type'][] },
    delay: { readonly deliveryDelay?: Duration } = {},
  ): void {
    const { messaging, encryptionKey } = this.props;
    new QueueConsumer<OrderEvent['type'] | PaymentEvent['type']>(this, id, {
      queueName,
      topic: messaging.orderEvents,
      eventTypes: events.orders,
      alsoFrom: [{ topic: messaging.paymentEvents, eventTypes: events.payments }],
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.reconcilePayments,
      ...delay,
      encryptionKey,
    });
  }

  private checkDeadlinesFunction(): ServiceFunction {
    const { config, encryptionKey } = this.props;
    const environment: EnvFor<typeof checkDeadlinesEnv> = this.reconciliationEnvironment();
    const check = new ServiceFunction(this, 'CheckDeadlines', {
      config,
      encryptionKey,
      handler: 'alert/check-deadlines',
      environment,
      timeout: Duration.seconds(59), // done before the next run starts
    });
    this.states.allow(check, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    this.states.allowQuery(check, 'byDueAt');
    this.allowOwnerQueries(check);
    runEveryMinute(check);
    return check;
  }
}
