import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { StageConfig } from '../config';
import { originsVariable } from '../cors';
import type { ServiceFunction } from './service-function';
import { ServiceSecret } from './service-secret';
import { ServiceTable } from './service-table';

export interface RequestEdgeProps {
  readonly config: StageConfig;
  /** @default a key that AWS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** What stands before the routes of every function: the count of what tenants and callers send. */
export class RequestMiddleware extends Construct {
  readonly rateLimits: ServiceTable;
  private ownCursorSecret: ServiceSecret | undefined;

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
  }

  /** Lets `handler` count requests: its middleware must be `middlewareOf` or `openMiddlewareOf` of `lambda/kernel/http/middleware.ts`. */
  guard(handler: ServiceFunction): void {
    handler.addEnvironment('CORS_ORIGINS', originsVariable(this.props.config));
    this.allowCounting(handler);
  }

  /** Lets `handler` count: `countingEnv` of `lambda/kernel/http/middleware.ts` names the table. */
  allowCounting(handler: ServiceFunction): void {
    handler.addEnvironment('RATE_LIMITS_TABLE', this.rateLimits.tableName);
    this.rateLimits.allow(handler, 'dynamodb:UpdateItem');
  }

  private get cursorSecret(): ServiceSecret {
    const description = 'Key of the cursors by which lists go on';
    this.ownCursorSecret ??= new ServiceSecret(this, 'CursorSecret', { ...this.props, description });
    return this.ownCursorSecret;
  }

  /** Lets `handler` seal and open the cursors of its lists: `cursorEnv` of `lambda/kernel/http/list-page.ts` names it. */
  allowCursors(handler: ServiceFunction): void {
    handler.addEnvironment('CURSOR_SECRET_ARN', this.cursorSecret.secretArn);
    this.cursorSecret.allowRead(handler);
  }
}
