import { dirname } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { ArnPrincipal, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  ApplicationLogLevel,
  type CfnFunction,
  Code,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config';
import { metricsNamespace } from '../names';
import { accept, withoutName } from './accept';
import { bundleOf } from './bundles';
import type { RequestMiddleware } from './request-middleware';
import { serviceLogs } from './service-logs';
import { ServiceRole } from './service-role';

export interface ServiceFunctionProps {
  readonly config: StageConfig;
  /** The service's folder and the handler's file: `order/place-order`. */
  readonly handler: `${string}/${string}`;
  readonly environment: Readonly<Record<string, string>>;
  /** @default 10 seconds */
  readonly timeout?: Duration;
  /** In MB. @default 256 */
  readonly memorySize?: number;
  /** Files of the project to put into the bundle. @default none */
  readonly files?: readonly string[];
  /** Reserved concurrency, on stages that have it. @default the account's unreserved concurrency */
  readonly concurrency?: number;
  /** The middleware of its routes. @default none: it has no routes */
  readonly middleware?: RequestMiddleware;
  /** The key of its logs. @default a key that AWS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** Returns the handler's bundle; without bundling, the folder of its service. */
const codeOf = (scope: Construct, handler: string, files: readonly string[]): Code =>
  Stack.of(scope).bundlingRequired
    ? Code.fromAsset(bundleOf(handler, files))
    : Code.fromAsset(dirname(`lambda/${handler}`), { assetHash: handler });

/** A Lambda function of the system, with its bundle, runtime, logs, tracing and its own role. */
export class ServiceFunction extends NodejsFunction {
  /** The service's folder and the handler's file: `order/place-order`. */
  readonly label: string;
  readonly limit: Duration;
  readonly stageConfig: StageConfig;
  private ownTenantRole: Role | undefined;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    const { config, handler, environment, encryptionKey } = props;
    const { timeout = Duration.seconds(10), memorySize = 256, files = [], concurrency } = props;
    const [service = handler] = handler.split('/');
    const logGroup = serviceLogs(scope, { config, service, encryptionKey });
    const role = new ServiceRole(scope, `${id}Role`, new ServicePrincipal('lambda.amazonaws.com'));
    logGroup.grantWrite(role);
    super(scope, id, {
      code: codeOf(scope, handler, files),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: config.architecture,
      memorySize,
      timeout,
      ...(config.reservedConcurrency && concurrency !== undefined ? { reservedConcurrentExecutions: concurrency } : {}),
      role,
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      logGroup,
      environment: {
        ...environment,
        POWERTOOLS_SERVICE_NAME: service,
        POWERTOOLS_METRICS_NAMESPACE: metricsNamespace(config.stage),
      },
      awsSdkConnectionReuse: false, // the SDK reuses connections by itself
    });
    (this.node.defaultChild as CfnFunction).addDeletionOverride('DependsOn'); // `Role` references the role, which holds its statements
    this.label = handler;
    this.limit = timeout;
    this.stageConfig = config;
    props.middleware?.guard(this);
    accept(role, withoutName, 'AwsSolutions-IAM5[Resource::*]', 'Serverless-LambdaStarPermissions');
    accept(this, 'Its callers wait for the response or retry.', 'Serverless-LambdaDLQ');
  }

  /** The role that the function assumes for one tenant at a time, in a session tagged with the tenant. */
  get tenantRole(): Role {
    this.ownTenantRole ??= this.newTenantRole();
    return this.ownTenantRole;
  }

  private newTenantRole(): Role {
    // the trust policy names the function's role, which then needs no statement: a statement would be a cycle
    const role = new ServiceRole(this, 'TenantRole', new ArnPrincipal(this.role?.roleArn ?? '').withSessionTags());
    this.addEnvironment('TENANT_ROLE_ARN', role.roleArn);
    return role;
  }
}
