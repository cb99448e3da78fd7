import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { StageConfig } from '../config';
import type { ServiceFunction } from './service-function';
import { ServiceTable } from './service-table';

export interface RequestEdgeProps {
  readonly config: StageConfig;
  /** @default a key that AWS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** What stands before the routes of every function: the count of what tenants and callers send. */
export class RequestEdge extends Construct {
  readonly rateLimits: ServiceTable;

  constructor(scope: Construct, id: string, { config, encryptionKey }: RequestEdgeProps) {
    super(scope, id);
    this.rateLimits = new ServiceTable(this, 'RateLimits', {
      config,
      encryptionKey,
      tableName: 'rate-limits',
      partitionKey: { name: 'bucket', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
    });
  }

  /** Lets `handler` count requests: its edge must be `edgeOf` of `lambda/kernel/edge.ts`. */
  guard(handler: ServiceFunction): void {
    handler.addEnvironment('RATE_LIMITS_TABLE', this.rateLimits.tableName);
    this.rateLimits.allow(handler, 'dynamodb:UpdateItem');
  }
}
