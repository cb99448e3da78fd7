import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { EnvFor } from '../lambda/kernel/env';
import type { sweepDueOrdersEnv } from '../lambda/order/env';
import type { StageConfig } from './config';
import { runEveryMinute } from './constructs/every-minute';
import { ServiceFunction } from './constructs/service-function';
import type { ServiceTable } from './constructs/service-table';
import type { ServiceTopic } from './constructs/service-topic';

export interface DueSweepProps {
  readonly config: StageConfig;
  readonly orders: ServiceTable;
  readonly topic: ServiceTopic;
  readonly timeouts: Pick<EnvFor<typeof sweepDueOrdersEnv>, 'ANSWER_SECONDS' | 'BACKORDER_SECONDS' | 'PAYMENT_SECONDS'>;
  /** What its logs are encrypted with. @default a key that AWS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** Takes the orders that nobody answered in time, every minute: the guarantee behind the fast path. */
export class DueSweep extends Construct {
  readonly handler: ServiceFunction;

  constructor(scope: Construct, id: string, { config, orders, topic, timeouts, encryptionKey }: DueSweepProps) {
    super(scope, id);
    const environment: EnvFor<typeof sweepDueOrdersEnv> = {
      ORDERS_TABLE: orders.tableName,
      TOPIC_ARN: topic.topicArn,
      ...timeouts,
    };
    this.handler = new ServiceFunction(this, 'Function', {
      config,
      encryptionKey,
      handler: 'order/sweep-due-orders',
      environment,
      timeout: Duration.seconds(50), // done before the next one starts
    });
    orders.allow(this.handler, 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    orders.allowQuery(this.handler, 'byDueAt');
    topic.allowPublish(this.handler);
    runEveryMinute(this.handler);
  }
}
