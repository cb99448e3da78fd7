import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { auditStockEnv } from '../lambda/inventory/env';
import type { EnvFor } from '../lambda/kernel/env';
import type { StageConfig } from './config';
import { accept } from './constructs/accept';
import { ServiceFunction } from './constructs/service-function';
import type { ServiceTable } from './constructs/service-table';
import type { ServiceTopic } from './constructs/service-topic';

export interface StockAuditProps {
  readonly config: StageConfig;
  readonly inventory: ServiceTable;
  readonly reservations: ServiceTable;
  readonly movements: ServiceTable;
  readonly topic: ServiceTopic;
  /** Encrypts its logs. @default a key that AWS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** Compares changed stock with the sums of its movements and reservations every hour. */
export class StockAudit extends Construct {
  readonly handler: ServiceFunction;

  constructor(scope: Construct, id: string, props: StockAuditProps) {
    super(scope, id);
    const { config, encryptionKey, inventory, reservations, movements, topic } = props;
    const environment: EnvFor<typeof auditStockEnv> = {
      INVENTORY_TABLE: inventory.tableName,
      RESERVATIONS_TABLE: reservations.tableName,
      MOVEMENTS_TABLE: movements.tableName,
      TOPIC_ARN: topic.topicArn,
    };
    this.handler = new ServiceFunction(this, 'Function', {
      config,
      encryptionKey,
      handler: 'inventory/audit-stock',
      environment,
      timeout: Duration.minutes(15), // the first audit, or one after a long break, may read many rows
      memorySize: 512, // a megabyte per page, and the sums of every changed product
    });
    inventory.allow(this.handler, 'dynamodb:BatchGetItem', 'dynamodb:Scan', 'dynamodb:UpdateItem');
    inventory.allowQuery(this.handler, 'byChange');
    reservations.allow(this.handler, 'dynamodb:BatchGetItem', 'dynamodb:Scan'); // only for the first count
    reservations.allowQuery(this.handler, 'byChange');
    movements.allow(this.handler, 'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query');
    topic.allowPublish(this.handler);
    const rule = new Rule(this, 'EveryHour', {
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaFunction(this.handler, { retryAttempts: 0 })], // the next hour is the retry
    });
    accept(rule, 'A lost run needs no queue: the next one does its work.', 'Serverless-EventBusDLQ');
  }
}
