import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { removalPolicy, type StageConfig } from '../config';
import { originsVariable } from '../cors';
import { accept, notRotated } from './accept';
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
  private readonly cursorSecret: Secret;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RequestEdgeProps,
  ) {
    super(scope, id);
    const { config, encryptionKey } = props;
    this.rateLimits = new ServiceTable(this, 'RateLimits', {
      config,
      encryptionKey,
      tableName: 'rate-limits',
      partitionKey: { name: 'bucket', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
    });
    this.cursorSecret = new Secret(this, 'CursorSecret', {
      description: 'Key of the cursors by which lists go on',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: removalPolicy(config),
      encryptionKey,
    });
    accept(this.cursorSecret, notRotated, 'AwsSolutions-SMG4');
  }

  /** Lets `handler` count requests: its edge must be `edgeOf` of `lambda/kernel/edge.ts`. */
  guard(handler: ServiceFunction): void {
    handler.addEnvironment('RATE_LIMITS_TABLE', this.rateLimits.tableName);
    handler.addEnvironment('CORS_ORIGINS', originsVariable(this.props.config));
    this.rateLimits.allow(handler, 'dynamodb:UpdateItem');
  }

  /** Lets `handler` seal and open the cursors of its lists: `cursorEnv` of `lambda/kernel/cursor.ts` names it. */
  allowCursors(handler: ServiceFunction): void {
    handler.addEnvironment('CURSOR_SECRET_ARN', this.cursorSecret.secretArn);
    this.cursorSecret.grantRead(handler);
  }
}
