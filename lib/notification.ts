import { Stack } from 'aws-cdk-lib';
import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { OrderEvent } from '../lambda/contracts/events/order-events';
import type { PaymentEvent } from '../lambda/contracts/events/payment-events';
import type { EnvFor } from '../lambda/kernel/env';
import type { describeMailsEnv, notifyCustomerEnv } from '../lambda/notification/env';
import type { StageConfig } from './config';
import { accept, wildcardOn, withoutName } from './constructs/accept';
import { type Listening, QueueConsumer } from './constructs/queue-consumer';
import type { RequestMiddleware } from './constructs/request-middleware';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import type { SubjectKeys } from './constructs/subject-keys';
import type { Messaging } from './messaging';

export interface NotificationServiceProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly middleware: RequestMiddleware;
  readonly subjectKeys: SubjectKeys;
  readonly encryptionKey?: IKey | undefined;
}

/** Sends customers e-mails about their orders and records each e-mail. */
export class NotificationService extends Construct {
  readonly notifications: ServiceTable;
  readonly notifyCustomer: ServiceFunction;
  readonly consumer: QueueConsumer<(OrderEvent | PaymentEvent)['type']>;
  private ownDescribeMails: ServiceFunction | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: NotificationServiceProps,
  ) {
    super(scope, id);
    const { config, messaging, encryptionKey } = props;
    this.notifications = new ServiceTable(this, 'Notifications', {
      config,
      encryptionKey,
      tableName: 'notifications',
      partitionKey: { name: 'notificationId', type: AttributeType.STRING },
      sortKey: { name: 'createdAt', type: AttributeType.STRING },
    });
    this.notifyCustomer = this.newNotifyCustomer();
    const orderEvents = ['Placed', 'Cancelled', 'Shipped', 'Delivered', 'AwaitingPayment'] as const;
    this.consumer = new QueueConsumer(this, 'Consumer', {
      queueName: 'notification-queue',
      topic: messaging.orderEvents,
      eventTypes: orderEvents.map((name) => `Order${name}.v2` as const),
      alsoFrom: refundsOf(props),
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.notifyCustomer,
      encryptionKey,
    });
  }

  /**
   * Allows sending only as the verified sender. In the sandbox of a new account SES also requires permission for the
   * recipient's identity, so the sender is a condition and the resource is any identity.
   */
  private allowSend(notifyCustomer: ServiceFunction): void {
    const everyIdentity = Stack.of(this).formatArn({ service: 'ses', resource: 'identity', resourceName: '*' });
    notifyCustomer.addToRolePolicy(
      new PolicyStatement({
        actions: ['ses:SendEmail'],
        resources: [everyIdentity],
        conditions: { StringEquals: { 'ses:FromAddress': this.props.config.senderEmail } },
      }),
    );
    if (notifyCustomer.role) accept(notifyCustomer.role, withoutName, wildcardOn(this, everyIdentity));
  }

  private newNotifyCustomer(): ServiceFunction {
    const { config, messaging, middleware, subjectKeys, encryptionKey } = this.props;
    const environment: EnvFor<typeof notifyCustomerEnv> = {
      NOTIFICATIONS_TABLE: this.notifications.tableName,
      SENDER_EMAIL: config.senderEmail,
      DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
      GUEST_MAILS: String(config.guestMails),
    };
    const notifyCustomer = new ServiceFunction(this, 'NotifyCustomer', {
      config,
      handler: 'notification/notify-customer',
      environment,
      timeout: config.consumerTimeout,
      encryptionKey,
    });
    const readConfirmation = 'dynamodb:Query';
    this.notifications.allow(notifyCustomer, 'dynamodb:BatchGetItem', 'dynamodb:PartiQLInsert', readConfirmation);
    middleware.allowCounting(notifyCustomer);
    subjectKeys.allowOpen(notifyCustomer);
    this.allowSend(notifyCustomer);
    return notifyCustomer;
  }

  /** The function that answers e-mail queries of the order service. */
  get describeMails(): ServiceFunction {
    this.ownDescribeMails ??= this.describeMailsFunction();
    return this.ownDescribeMails;
  }

  private describeMailsFunction(): ServiceFunction {
    const { config, encryptionKey } = this.props;
    const environment: EnvFor<typeof describeMailsEnv> = { NOTIFICATIONS_TABLE: this.notifications.tableName };
    const handler = 'notification/describe-mails';
    const describeMails = new ServiceFunction(this, 'TellOrder', { config, handler, environment, encryptionKey });
    this.notifications.allow(describeMails, 'dynamodb:BatchGetItem');
    return describeMails;
  }
}

const refundsOf = ({ config, messaging }: NotificationServiceProps): Listening<PaymentEvent['type']>[] =>
  config.services === 'core' ? [] : [{ topic: messaging.paymentEvents, eventTypes: ['PaymentRefunded.v1'] }];
