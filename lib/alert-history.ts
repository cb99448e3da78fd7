import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { recordAlertsEnv, serveAlertsEnv } from '../lambda/alert/env';
import type { AlertEvent } from '../lambda/contracts/alert-events';
import type { EnvFor } from '../lambda/kernel/env';
import type { RouteHandlers } from './api-routes';
import type { StageConfig } from './config';
import { QueueConsumer } from './constructs/queue-consumer';
import type { RequestMiddleware } from './constructs/request-edge';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import type { Messaging } from './messaging';

export interface AlertHistoryProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly middleware: RequestMiddleware;
  /** What alerts are raised from: alerts about stock, and orders with their payments. A person closes them there. */
  readonly tables: { readonly alerts: ServiceTable; readonly states: ServiceTable };
  readonly encryptionKey?: IKey | undefined;
}

const string = AttributeType.STRING;

/** The lists of alerts: each index has those raised last at its end. */
const indexes = { byTenant: 'tenantList', byState: 'stateList' } as const;

const kept: readonly AlertEvent['type'][] = ['AlertRaised.v1', 'AlertResolved.v1'];

/** Keeps every alert with what became of it, and shows them to staff. */
export class AlertHistory extends Construct {
  readonly alerts: ServiceTable;
  readonly keepAlerts: ServiceFunction;
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
    this.keepAlerts = this.keepAlertsFunction();
    new QueueConsumer(this, 'Consumer', {
      queueName: 'sys-pay-alert-queue',
      topic: messaging.alertEvents,
      eventTypes: kept,
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.keepAlerts,
      encryptionKey,
    });
    this.serveAlerts = this.serveAlertsFunction();
  }

  /** Which of its functions answers which route. */
  get handlers(): RouteHandlers {
    return { listAlerts: this.serveAlerts, acknowledgeAlert: this.serveAlerts };
  }

  private keepAlertsFunction(): ServiceFunction {
    const { config, messaging, encryptionKey } = this.props;
    const environment: EnvFor<typeof recordAlertsEnv> = {
      SYS_PAY_ALERT_TABLE: this.alerts.tableName,
      DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
    };
    const keep = new ServiceFunction(this, 'KeepAlerts', {
      config,
      encryptionKey,
      handler: 'alert/record-alerts',
      environment,
      timeout: config.consumerTimeout,
    });
    this.alerts.allow(keep, 'dynamodb:GetItem', 'dynamodb:PutItem');
    return keep;
  }

  private serveAlertsFunction(): ServiceFunction {
    const { config, middleware, tables, encryptionKey } = this.props;
    const { refund, stuck } = config.alertPatience;
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
