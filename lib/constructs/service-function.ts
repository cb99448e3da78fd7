import { Duration } from 'aws-cdk-lib';
import { ArnPrincipal, Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  ApplicationLogLevel,
  Architecture,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, Charset, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { removalPolicy, type StageConfig } from '../config';
import { accept, withoutName } from './accept';
import type { RequestEdge } from './request-edge';

export interface ServiceFunctionProps {
  readonly config: StageConfig;
  /** The service's folder and the handler's file: `order/place-order`. */
  readonly handler: `${string}/${string}`;
  readonly environment: Readonly<Record<string, string>>;
  /** @default 10 seconds */
  readonly timeout?: Duration;
  /** In MB. @default 256 */
  readonly memorySize?: number;
  /** Files of the project that it reads: they lie beside its code. @default none */
  readonly files?: readonly string[];
  /** What counts its callers' requests. @default it answers no requests of tenants */
  readonly edge?: RequestEdge;
  /** What its logs are encrypted with. @default a key that AWS owns */
  readonly encryptionKey?: IKey | undefined;
}

const bundling: BundlingOptions = {
  format: OutputFormat.ESM,
  charset: Charset.UTF8, // Japanese takes half the bytes that escapes take
  mainFields: ['module', 'main'],
  minify: true,
  sourceMap: false,
  target: 'node20',
  externalModules: [],
  esbuildArgs: { '--alias:@aws-sdk/credential-provider-node': './lambda/kernel/lambda-credentials.ts' },
  banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
};

const copying = (files: readonly string[]): BundlingOptions['commandHooks'] => ({
  beforeBundling: () => [],
  beforeInstall: () => [],
  afterBundling: (project, output) => files.map((file) => `cp "${project}/${file}" "${output}/"`),
});

/** What every Lambda function of the system has in common: bundling, runtime, logs, tracing, a role of its own. */
export class ServiceFunction extends NodejsFunction {
  /** The service's folder and the handler's file: `order/place-order`. */
  readonly label: string;
  readonly limit: Duration;
  private ownTenantRole: Role | undefined;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    const { config, handler, environment, encryptionKey } = props;
    const { timeout = Duration.seconds(10), memorySize = 256, files = [] } = props;
    const [service = handler] = handler.split('/');
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: config.logRetentionDays,
      removalPolicy: removalPolicy(config),
      encryptionKey,
    });
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    super(scope, id, {
      entry: `lambda/${handler}.handler.ts`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize,
      timeout,
      role,
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      logGroup,
      environment: { ...environment, POWERTOOLS_SERVICE_NAME: service },
      awsSdkConnectionReuse: false, // the SDK reuses connections by itself
      bundling: { ...bundling, commandHooks: copying(files) },
    });
    this.label = handler;
    this.limit = timeout;
    props.edge?.guard(this);
    accept(role, withoutName, 'AwsSolutions-IAM5[Resource::*]');
    accept(this, 'Whoever calls it waits for the answer or tries again by itself.', 'Serverless-LambdaDLQ');
  }

  /** The role that the function takes for one tenant at a time, by a session that is tagged with the tenant. */
  get tenantRole(): Role {
    this.ownTenantRole ??= this.newTenantRole();
    return this.ownTenantRole;
  }

  private newTenantRole(): Role {
    const role = new Role(this, 'TenantRole', {
      assumedBy: new ArnPrincipal(this.role?.roleArn ?? '').withSessionTags(),
    });
    Grant.addToPrincipal({
      grantee: this,
      actions: ['sts:AssumeRole', 'sts:TagSession'],
      resourceArns: [role.roleArn],
    });
    this.addEnvironment('TENANT_ROLE_ARN', role.roleArn);
    return role;
  }
}
