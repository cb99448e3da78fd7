import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import type { OrderEvent } from '../lambda/contracts/order-events';
import type { PaymentEvent } from '../lambda/contracts/payment-events';
import type { EnvFor } from '../lambda/kernel/env';
import type { notifyCustomerEnv, tellOrderEnv } from '../lambda/notification/env';
import type { StageConfig } from './config';
import { maxReceiveCount, QueueConsumer } from './constructs/queue-consumer';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import type { Messaging } from './messaging';

export interface NotificationServiceProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly encryptionKey?: IKey | undefined;
}

/** Mails customers about their orders and keeps a record of each e-mail. */
export class NotificationService extends Construct {
  readonly notifications: ServiceTable;
  readonly notifyCustomer: ServiceFunction;
  /** Answers the order service at once. */
  readonly tellOrder: ServiceFunction;
  readonly consumer: QueueConsumer<(OrderEvent | PaymentEvent)['type']>;

  private readonly props: NotificationServiceProps;

  constructor(scope: Construct, id: string, props: NotificationServiceProps) {
    super(scope, id);
    const { config, messaging, encryptionKey } = props;
    this.props = props;
    this.notifications = new ServiceTable(this, 'Notifications', {
      config,
      encryptionKey,
      tableName: 'notifications',
      partitionKey: { name: 'notificationId', type: AttributeType.STRING },
      sortKey: { name: 'createdAt', type: AttributeType.STRING },
    });
    this.notifyCustomer = this.newNotifyCustomer();
    const telling: EnvFor<typeof tellOrderEnv> = { NOTIFICATIONS_TABLE: this.notifications.tableName };
    this.tellOrder = new ServiceFunction(this, 'TellOrder', {
      config,
      handler: 'notification/tell-order',
      environment: telling,
      encryptionKey,
    });
    this.notifications.allow(this.tellOrder, 'dynamodb:BatchGetItem');
    const orderEvents = ['Placed', 'Cancelled', 'Shipped', 'Delivered', 'AwaitingPayment'] as const;
    this.consumer = new QueueConsumer(this, 'Consumer', {
      queueName: 'notification-queue',
      topic: messaging.orderEvents,
      eventTypes: orderEvents.map((name) => `Order${name}.v1` as const),
      alsoFrom: [{ topic: messaging.paymentEvents, eventTypes: ['PaymentRefunded.v1'] }],
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.notifyCustomer,
      encryptionKey,
    });
  }

  private newNotifyCustomer(): ServiceFunction {
    const { config, messaging, encryptionKey } = this.props;
    const sender = new EmailIdentity(this, 'Sender', { identity: Identity.email(config.senderEmail) });
    const environment: EnvFor<typeof notifyCustomerEnv> = {
      NOTIFICATIONS_TABLE: this.notifications.tableName,
      SENDER_EMAIL: config.senderEmail,
      DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
      MAX_RECEIVE_COUNT: String(maxReceiveCount),
    };
    const notifyCustomer = new ServiceFunction(this, 'NotifyCustomer', {
      config,
      handler: 'notification/notify-customer',
      environment,
      timeout: config.consumerTimeout,
      encryptionKey,
    });
    const toWhom = 'dynamodb:Query'; // an order was confirmed
    this.notifications.allow(notifyCustomer, 'dynamodb:BatchGetItem', 'dynamodb:PartiQLInsert', toWhom);
    sender.grantSendEmail(notifyCustomer);
    return notifyCustomer;
  }
}
