import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { recordAlertsEnv, serveAlertsEnv } from '../lambda/alert/env';
import type { AlertEvent } from '../lambda/contracts/events/alert-events';
import type { EnvFor } from '../lambda/kernel/env';
import type { RouteHandlers } from './api-routes';
import type { StageConfig } from './config';
import { QueueConsumer } from './constructs/queue-consumer';
import type { RequestMiddleware } from './constructs/request-middleware';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import type { Messaging } from './messaging';

export interface AlertHistoryProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly middleware: RequestMiddleware;
  /** The tables in which alerts are raised, and in which a person closes them. */
  readonly tables: { readonly alerts: ServiceTable; readonly states: ServiceTable };
  readonly encryptionKey?: IKey | undefined;
}

const string = AttributeType.STRING;

/** The list indexes with their partition keys. The sort key is the time of the last raise. */
const indexes = { byTenant: 'tenantList', byState: 'stateList' } as const;

const recorded: readonly AlertEvent['type'][] = ['AlertRaised.v1', 'AlertResolved.v1'];

/** Stores every alert with its history, and serves them to staff. */
export class AlertHistory extends Construct {
  readonly alerts: ServiceTable;
  readonly recordAlerts: ServiceFunction;
  readonly serveAlerts: ServiceFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlertHistoryProps,
  ) {
    super(scope, id);
    const { config, messaging, encryptionKey } = props;
    this.alerts = new ServiceTable(this, 'Alerts', {
      config,
      encryptionKey,
      tableName: 'sys-pay-alert',
      partitionKey: { name: 'alertId', type: string },
    });
    for (const [indexName, list] of Object.entries(indexes)) {
      this.alerts.addGlobalSecondaryIndex({
        indexName,
        partitionKey: { name: list, type: string },
        sortKey: { name: 'raisedAt', type: string },
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }
    this.recordAlerts = this.recordAlertsFunction();
    new QueueConsumer(this, 'Consumer', {
      queueName: 'sys-pay-alert-queue',
      topic: messaging.alertEvents,
      eventTypes: recorded,
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.recordAlerts,
      encryptionKey,
    });
    this.serveAlerts = this.serveAlertsFunction();
  }

  /** The function of each route. */
  get handlers(): RouteHandlers {
    return { listAlerts: this.serveAlerts, acknowledgeAlert: this.serveAlerts };
  }

  private recordAlertsFunction(): ServiceFunction {
    const { config, messaging, encryptionKey } = this.props;
    const environment: EnvFor<typeof recordAlertsEnv> = {
      SYS_PAY_ALERT_TABLE: this.alerts.tableName,
      DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
    };
    const record = new ServiceFunction(this, 'KeepAlerts', {
      config,
      encryptionKey,
      handler: 'alert/record-alerts',
      environment,
      timeout: config.consumerTimeout,
    });
    this.alerts.allow(record, 'dynamodb:GetItem', 'dynamodb:PutItem');
    return record;
  }

  private serveAlertsFunction(): ServiceFunction {
    const { config, middleware, tables, encryptionKey } = this.props;
    const { refund, stuck } = config.alertTimeouts;
    const environment: EnvFor<typeof serveAlertsEnv> = {
      SYS_PAY_ALERT_TABLE: this.alerts.tableName,
      ALERTS_TABLE: tables.alerts.tableName,
      ORDER_PAYMENT_TABLE: tables.states.tableName,
      REFUND_SECONDS: String(refund.toSeconds()),
      STUCK_SECONDS: String(stuck.toSeconds()),
    };
    const serve = new ServiceFunction(this, 'ServeAlerts', {
      config,
      encryptionKey,
      handler: 'alert/serve-alerts',
      environment,
      middleware,
    });
    middleware.allowCursors(serve);
    this.alerts.allowForTenant(serve, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem');
    for (const indexName of Object.keys(indexes)) this.alerts.allowQueryForTenant(serve, indexName);
    for (const table of [tables.alerts, tables.states])
      table.allowForTenant(serve, 'dynamodb:GetItem', 'dynamodb:PutItem');
    return serve;
  }
}
