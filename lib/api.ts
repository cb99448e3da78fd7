import { Tags } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  EndpointType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  type RestApiProps,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ApiRoutes, type RouteHandlers } from './api-routes';
import { removalPolicy, type StageConfig } from './config';
import { accept, openToGuests } from './constructs/accept';
import type { ServiceFunction } from './constructs/service-function';
import { preflight } from './cors';
import { Firewall } from './firewall';
import { GatewayProblems } from './gateway-problems';

/** The REST API's ID on a local AWS, so that the README's curl is one literal line. */
export const localApiId = 'ordersystem';

export interface ApiProps {
  readonly config: StageConfig;
  /** Tells who calls. */
  readonly authorizer: ServiceFunction;
  readonly handlers: RouteHandlers;
  /** The key of the access logs. @default a key that AWS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** The REST API: what all of its routes have in common. */
export class Api extends Construct {
  readonly api: RestApi;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const { config, authorizer, handlers } = props;
    this.api = new RestApi(this, 'Api', {
      restApiName: 'order-system',
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: removalPolicy(config),
      deployOptions: this.deployOptions(props),
      ...this.preflight(props),
    });
    for (const tag of ['ms-custom-id', '_custom_id_']) Tags.of(this.api).add(tag, localApiId);
    new ApiRoutes(this, 'Routes', { api: this.api, authorizer, handlers });
    new GatewayProblems(this, 'Problems', { config, api: this.api });
    if (config.firewall) new Firewall(this, 'Firewall', { stageArn: this.api.deploymentStage.stageArn });
    this.keepExecutionLogs(props);
    this.accept(config);
  }

  private preflight({ config }: ApiProps): Pick<RestApiProps, 'defaultCorsPreflightOptions'> {
    const options = preflight(config);
    return options === undefined ? {} : { defaultCorsPreflightOptions: options };
  }

  private deployOptions({ config, encryptionKey }: ApiProps): StageOptions {
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: config.logRetentionDays,
      removalPolicy: removalPolicy(config),
      encryptionKey,
    });
    return {
      stageName: config.stage,
      tracingEnabled: true,
      loggingLevel: MethodLoggingLevel.ERROR, // of what API Gateway itself does; bodies are in no log
      throttlingRateLimit: 1000,
      throttlingBurstLimit: 2000,
      accessLogDestination: new LogGroupLogDestination(accessLogs),
      accessLogFormat: AccessLogFormat.jsonWithStandardFields({
        caller: false,
        httpMethod: true,
        ip: false, // personal data
        protocol: true,
        requestTime: true,
        resourcePath: true,
        responseLength: true,
        status: true,
        user: false,
      }),
    };
  }

  /** The log that API Gateway would otherwise make by itself and keep for ever. */
  private keepExecutionLogs({ config, encryptionKey }: ApiProps): void {
    const { restApiId, deploymentStage } = this.api;
    const logs = new LogGroup(this, 'ExecutionLogs', {
      logGroupName: `API-Gateway-Execution-Logs_${restApiId}/${config.stage}`,
      retention: config.logRetentionDays,
      removalPolicy: removalPolicy(config),
      encryptionKey,
    });
    deploymentStage.node.addDependency(logs);
  }

  private accept({ firewall }: StageConfig): void {
    accept(this.api, openToGuests, 'AwsSolutions-APIG4', 'AwsSolutions-COG4');
    accept(this.api, 'The handlers check requests by contract and name every wrong field.', 'AwsSolutions-APIG2');
    const pushToLogs = 'Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
    accept(this.api, 'API Gateway wants just this policy to write logs.', `AwsSolutions-IAM4[${pushToLogs}]`);
    if (!firewall) accept(this.api, 'A local AWS has no firewall.', 'AwsSolutions-APIG3');
  }
}
