import { Duration } from 'aws-cdk-lib';
import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { serveSessionEnv } from '../lambda/identity/env';
import type { EnvFor } from '../lambda/kernel/env';
import type { RouteHandlers } from './api-routes';
import type { StageConfig } from './config';
import type { RequestMiddleware } from './constructs/request-middleware';
import { ServiceFunction } from './constructs/service-function';
import { ServiceSecret } from './constructs/service-secret';
import { ServiceTable } from './constructs/service-table';
import type { SubjectKeys } from './constructs/subject-keys';
import type { IdentityService } from './identity';

export interface BrowserSessionProps {
  readonly config: StageConfig;
  readonly middleware: RequestMiddleware;
  readonly subjectKeys: SubjectKeys;
  readonly identity: IdentityService;
  /** The functions of all operations that pages may use. */
  readonly handlers: RouteHandlers;
  readonly encryptionKey?: IKey | undefined;
}

/** Keeps the tokens of logged-in browsers, and forwards their pages' requests to the functions of the API. */
export class BrowserSession extends Construct {
  /** Serves every path under `/api`. */
  readonly proxy: ServiceFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: BrowserSessionProps,
  ) {
    super(scope, id);
    const { config, encryptionKey } = props;
    const sessions = new ServiceTable(this, 'Sessions', {
      config,
      encryptionKey,
      tableName: 'sessions',
      partitionKey: { name: 'sessionId', type: AttributeType.STRING },
      timeToLiveAttribute: 'forgetAt',
    });
    const description = 'Key that encrypts the tokens of logged-in browsers';
    const secret = new ServiceSecret(this, 'Secret', { config, description, encryptionKey });
    this.proxy = this.serveFunction(sessions, secret);
    sessions.allow(this.proxy, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem');
    secret.allowRead(this.proxy);
    this.allowAccounts();
    this.allowForwarding();
  }

  /** The function of each route. */
  get handlers() {
    return { createSession: this.proxy, getSession: this.proxy, deleteSession: this.proxy };
  }

  private serveFunction(sessions: ServiceTable, secret: ServiceSecret): ServiceFunction {
    const { config, middleware, identity, encryptionKey } = this.props;
    const environment: EnvFor<typeof serveSessionEnv> = {
      USERS_TABLE: identity.users.tableName,
      USER_POOL_ID: identity.accounts?.pool.userPoolId ?? '',
      CLIENT_ID: identity.accounts?.client.userPoolClientId ?? '',
      TOTP_REQUIRED: String(config.totpRequired),
      SESSIONS_TABLE: sessions.tableName,
      SESSION_SECRET_ARN: secret.secretArn,
      AUTHORIZER_FUNCTION: identity.authorizer.functionName,
      ROUTE_FUNCTIONS: JSON.stringify(this.operationsByFunction()),
    };
    return new ServiceFunction(this, 'Serve', {
      config,
      encryptionKey,
      middleware,
      handler: 'identity/serve-session',
      environment,
      timeout: Duration.seconds(29), // the timeout of API Gateway
      concurrency: 200,
    });
  }

  private operationsByFunction(): Record<string, string[]> {
    const operations: Record<string, string[]> = {};
    for (const [operation, { functionName }] of Object.entries(this.props.handlers))
      operations[functionName] = [...(operations[functionName] ?? []), operation];
    return operations;
  }

  private allowAccounts(): void {
    const { users, accounts } = this.props.identity;
    users.allowForTenant(this.proxy, 'dynamodb:GetItem', 'dynamodb:PutItem');
    this.props.subjectKeys.allowSealForTenant(this.proxy);
    accounts?.allow(this.proxy, 'cognito-idp:DescribeUserPoolClient');
  }

  private allowForwarding(): void {
    const { identity, handlers } = this.props;
    const functions = new Set([identity.authorizer, ...Object.values(handlers)]);
    Grant.addToPrincipal({
      grantee: this.proxy,
      actions: ['lambda:InvokeFunction'],
      resourceArns: [...functions].map(({ functionArn }) => functionArn),
    });
  }
}
