import { Duration, Stack, Tags } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  ApiDefinition,
  EndpointType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  SpecRestApi,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { sessionProxy } from '../lambda/contracts/routes';
import { authorizerScheme, type Part, proxyPath, type RouteHandlers, routePaths } from './api-routes';
import { removalPolicy, type StageConfig } from './config';
import { accept } from './constructs/accept';
import type { ServiceFunction } from './constructs/service-function';
import { preflight } from './cors';
import { Firewall } from './firewall';
import { gatewayResponses } from './gateway-problems';

/** The REST API's ID on a local AWS, so that the README's curl is one literal line. */
export const localApiId = 'ordersystem';

/** How long API Gateway may go on with what the authorizer said of a token: a disabled user is out within a minute. */
const verdictTtl = Duration.seconds(30);

export interface ApiProps {
  readonly config: StageConfig;
  /** Tells who calls. */
  readonly authorizer: ServiceFunction;
  readonly handlers: RouteHandlers;
  /** Answers every path below `/api`, for pages. */
  readonly proxy: ServiceFunction;
  /** The key of the access logs. @default a key that AWS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** The REST API: what all of its routes have in common. All of it but its stage is one definition, so one resource. */
export class Api extends Construct {
  readonly api: SpecRestApi;
  private readonly awsEndpoint: string | undefined;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const { config, authorizer, handlers } = props;
    this.awsEndpoint = config.awsEndpoint;
    this.api = new SpecRestApi(this, 'Api', {
      restApiName: 'order-system',
      apiDefinition: ApiDefinition.fromInline(this.definition(props)),
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: removalPolicy(config),
      deployOptions: this.deployOptions(props),
    });
    for (const tag of ['ms-custom-id', '_custom_id_']) Tags.of(this.api).add(tag, localApiId);
    this.allowInvocation(authorizer, 'authorizers/*');
    for (const handler of new Set(Object.values(handlers))) this.allowInvocation(handler, `${config.stage}/*/*`);
    if (config.firewall) new Firewall(this, 'Firewall', { stageArn: this.api.deploymentStage.stageArn });
    this.keepExecutionLogs(props);
    this.accept(config);
  }

  /** Where people find it: a local AWS has no host of AWS's for it. */
  get url(): string {
    const { stageName } = this.api.deploymentStage;
    return this.awsEndpoint === undefined
      ? this.api.urlForPath()
      : `${this.awsEndpoint}/_aws/execute-api/${this.api.restApiId}/${stageName}`;
  }

  private definition({ config, authorizer, handlers, proxy }: ApiProps): Part {
    return {
      openapi: '3.0.1',
      info: { title: 'order-system', version: '1' },
      paths: {
        ...routePaths(handlers, (parameters) => preflight(config, parameters)),
        [sessionProxy.path]: proxyPath(proxy), // cookies are for pages of the same site alone: no preflight
      },
      components: {
        securitySchemes: {
          token: authorizerScheme(authorizer, verdictTtl, 'method.request.header.Authorization'),
          guest: authorizerScheme(authorizer, Duration.seconds(0)), // whoever sends nothing is a guest
        },
      },
      'x-amazon-apigateway-gateway-responses': gatewayResponses(config),
    };
  }

  private allowInvocation(handler: ServiceFunction, from: string): void {
    handler.addPermission(`Api-${handler.label}`, {
      scope: this,
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        resource: this.api.restApiId,
        resourceName: from,
      }),
    });
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
    accept(this.api, 'The handlers check requests by contract and name every wrong field.', 'AwsSolutions-APIG2');
    const pushToLogs = 'Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
    accept(this.api, 'API Gateway wants just this policy to write logs.', `AwsSolutions-IAM4[${pushToLogs}]`);
    if (!firewall) accept(this.api, 'A local AWS has no firewall.', 'AwsSolutions-APIG3');
  }
}
