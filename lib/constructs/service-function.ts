import { Duration } from 'aws-cdk-lib';
import {
  ApplicationLogLevel,
  Architecture,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { removalPolicy, type StageConfig } from '../config';

export interface ServiceFunctionProps {
  readonly config: StageConfig;
  /** The service's folder and the handler's file: `order/place-order`. */
  readonly handler: `${string}/${string}`;
  readonly environment: Readonly<Record<string, string>>;
  /** @default 10 seconds */
  readonly timeout?: Duration;
  /** In MB. @default 256 */
  readonly memorySize?: number;
}

/** What every Lambda function of the system has in common: bundling, runtime, logs, tracing. */
export class ServiceFunction extends NodejsFunction {
  readonly limit: Duration;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    const { config, handler, environment, timeout = Duration.seconds(10), memorySize = 256 } = props;
    const [service = handler] = handler.split('/');
    super(scope, id, {
      entry: `lambda/${handler}.handler.ts`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize,
      timeout,
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      logGroup: new LogGroup(scope, `${id}Logs`, {
        retention: config.logRetentionDays,
        removalPolicy: removalPolicy(config),
      }),
      environment: { ...environment, POWERTOOLS_SERVICE_NAME: service },
      awsSdkConnectionReuse: false, // the SDK reuses connections by itself
      bundling: {
        format: OutputFormat.ESM,
        mainFields: ['module', 'main'],
        minify: true,
        sourceMap: false,
        target: 'node20',
        externalModules: [],
        esbuildArgs: { '--alias:@aws-sdk/credential-provider-node': './lambda/kernel/lambda-credentials.ts' },
        banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
      },
    });
    this.limit = timeout;
  }
}
