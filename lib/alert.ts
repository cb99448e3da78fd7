import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { FilterRule } from 'aws-cdk-lib/aws-lambda';
import { SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { describeAlertsEnv, raiseAlertsEnv } from '../lambda/alert/env';
import type { AlertEvent } from '../lambda/contracts/events/alert-events';
import type { EnvFor } from '../lambda/kernel/env';
import { AlertHistory } from './alert-history';
import type { RouteHandlers } from './api-routes';
import type { StageConfig } from './config';
import { QueueConsumer } from './constructs/queue-consumer';
import type { RequestMiddleware } from './constructs/request-middleware';
import { ServiceFunction } from './constructs/service-function';
import { ServiceQueue } from './constructs/service-queue';
import { ServiceTable } from './constructs/service-table';
import { StreamRelay } from './constructs/stream-relay';
import type { Messaging } from './messaging';
import { PaymentReconciliation } from './payment-reconciliation';

export interface AlertServiceProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly middleware: RequestMiddleware;
  /** The functions that are queried before a missing event raises an alert. */
  readonly owners: { readonly order: ServiceFunction; readonly payment: ServiceFunction };
  readonly encryptionKey?: IKey | undefined;
}

/** Only rows whose version raised or resolved an alert have a `fact`. */
const changedAlerts = { dynamodb: { NewImage: { fact: { M: { type: { S: FilterRule.exists() } } } } } };

const mailed: readonly AlertEvent['type'][] = ['AlertRaised.v1', 'AlertResolved.v1'];

/** Raises an alert once for each problem with an order, its payment or a product, and resolves it when the problem ends. */
export class AlertService extends Construct {
  readonly alerts: ServiceTable;
  readonly raiseAlerts: ServiceFunction;
  /** Answers queries of the order service. */
  readonly describeAlerts: ServiceFunction;
  readonly relay: StreamRelay;
  readonly consumer: QueueConsumer<string>;
  readonly reconciliation: PaymentReconciliation;
  readonly history: AlertHistory;

  constructor(scope: Construct, id: string, props: AlertServiceProps) {
    super(scope, id);
    const { config, messaging, middleware, owners, encryptionKey } = props;
    const common = { config, encryptionKey };
    this.reconciliation = new PaymentReconciliation(this, 'Watch', { ...common, messaging, owners });
    this.alerts = new ServiceTable(this, 'Alerts', {
      ...common,
      tableName: 'alerts',
      partitionKey: { name: 'alertId', type: AttributeType.STRING },
      relayed: true,
    });
    const tables = { alerts: this.alerts, states: this.reconciliation.states };
    this.history = new AlertHistory(this, 'History', { ...common, messaging, middleware, tables });
    const environment: EnvFor<typeof raiseAlertsEnv> = {
      ALERTS_TABLE: this.alerts.tableName,
      DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
    };
    this.raiseAlerts = new ServiceFunction(this, 'RaiseAlerts', {
      ...common,
      handler: 'alert/raise-alerts',
      environment,
      timeout: config.consumerTimeout,
    });
    this.alerts.allow(this.raiseAlerts, 'dynamodb:GetItem', 'dynamodb:PutItem');
    const describeEnvironment: EnvFor<typeof describeAlertsEnv> = {
      ALERTS_TABLE: this.alerts.tableName,
      ORDER_PAYMENT_TABLE: this.reconciliation.states.tableName,
    };
    this.describeAlerts = new ServiceFunction(this, 'TellOrder', {
      ...common,
      handler: 'alert/describe-alerts',
      environment: describeEnvironment,
    });
    this.alerts.allow(this.describeAlerts, 'dynamodb:GetItem');
    this.reconciliation.states.allow(this.describeAlerts, 'dynamodb:GetItem');
    this.consumer = this.signalConsumer(messaging, encryptionKey);
    this.relay = new StreamRelay(this, 'Relay', {
      ...common,
      handler: 'alert/relay-alert-events',
      table: this.alerts,
      topic: messaging.alertEvents,
      alsoFrom: { table: this.reconciliation.states, patterns: [changedAlerts] },
      deadLetterQueueName: 'alert-relay-dlq',
    });
    if (config.alarmEmail !== undefined) this.mailTo(config.alarmEmail, config, messaging);
  }

  get sweep(): ServiceFunction {
    return this.reconciliation.checkDeadlines;
  }

  /** The function of each route. */
  get handlers(): RouteHandlers {
    return this.history.handlers;
  }

  private signalConsumer(messaging: Messaging, encryptionKey: IKey | undefined) {
    const { inventoryEvents, paymentEvents, deadLetterQueue } = messaging;
    return new QueueConsumer<string>(this, 'Consumer', {
      queueName: 'alert-queue',
      topic: inventoryEvents,
      eventTypes: ['StockShort.v1', 'StockShortageEnded.v1', 'StockDiscrepancyFound.v1', 'StockDiscrepancyResolved.v1'],
      alsoFrom: [{ topic: paymentEvents, eventTypes: ['UnknownPaymentFound.v1'] }],
      deadLetterQueue,
      handler: this.raiseAlerts,
      encryptionKey,
    });
  }

  private mailTo(email: string, config: StageConfig, { alertEvents }: Messaging): void {
    const filterPolicy = { type: SubscriptionFilter.stringFilter({ allowlist: [...mailed] }) };
    const deadLetterQueue = new ServiceQueue(this, 'UndeliveredAlerts', { config, queueName: 'alert-mails-dlq' });
    alertEvents.addSubscription(new EmailSubscription(email, { deadLetterQueue, filterPolicy }));
  }
}
