import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { StageConfig } from '../config';
import { ServiceSecret } from './service-secret';
import { ServiceTable } from './service-table';

export interface RequestMiddlewareProps {
  readonly config: StageConfig;
  /** @default a key that AWS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** Returns the value of `CORS_ORIGINS`, as `originsEnv` of `lambda/kernel/http/middleware.ts` parses it. */
export const originsVariable = ({ corsOrigins }: Pick<StageConfig, 'corsOrigins'>): string =>
  corsOrigins.join(' ') || 'none';

/** The resources of the middleware of all routes: the table of rate limits and the secret of cursors. */
export class RequestMiddleware extends Construct {
  readonly rateLimits: ServiceTable;
  private ownCursorSecret: ServiceSecret | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RequestMiddlewareProps,
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

  /**
   * Allows `handler` to limit rates; its code must use `middlewareOf` or `openMiddlewareOf` of
   * `kernel/http/middleware`.
   */
  guard(handler: LambdaFunction): void {
    handler.addEnvironment('CORS_ORIGINS', originsVariable(this.props.config));
    this.allowCounting(handler);
  }

  /** Allows `handler` to count requests and sets the variable of `countingEnv` in `kernel/http/middleware`. */
  allowCounting(handler: LambdaFunction): void {
    handler.addEnvironment('RATE_LIMITS_TABLE', this.rateLimits.tableName);
    this.rateLimits.allow(handler, 'dynamodb:UpdateItem');
  }

  private get cursorSecret(): ServiceSecret {
    const description = 'Key that signs the cursors of lists';
    this.ownCursorSecret ??= new ServiceSecret(this, 'CursorSecret', { ...this.props, description });
    return this.ownCursorSecret;
  }

  /** Allows `handler` to sign and verify cursors and sets the variable of `cursorEnv` in `kernel/http/list-page`. */
  allowCursors(handler: LambdaFunction): void {
    handler.addEnvironment('CURSOR_SECRET_ARN', this.cursorSecret.secretArn);
    this.cursorSecret.allowRead(handler);
  }
}
