import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  ApiDefinition,
  EndpointType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  SpecRestApi,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import { Grant, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { sessionProxy } from '../lambda/contracts/routes';
import { authorizerScheme, type Invoker, type Part, proxyPath, type RouteHandlers, routePaths } from './api-routes';
import { removalPolicy, type StageConfig } from './config';
import { accept, unguarded } from './constructs/accept';
import type { ServiceFunction } from './constructs/service-function';
import { ServiceRole } from './constructs/service-role';
import { preflight } from './cors';
import { Firewall } from './firewall';
import { gatewayResponses } from './gateway-problems';
import { nameIn } from './names';

/** The REST API's ID on a local AWS, so that the README's curl is one literal line. */
export const localApiId = 'ordersystem';

/** How long API Gateway may go on with what the authorizer said of a token: a disabled user is out within a minute. */
const verdictTtl = Duration.seconds(30);

/** Bodies that are handed over byte by byte: a spreadsheet's file may be in any encoding, and a wrong one must be told. */
const binaryTypes = ['text/csv'];

/** What cdk-nag finds on a stage that nobody guards or watches. */
const unwatched = ['AwsSolutions-APIG1', 'AwsSolutions-APIG3', 'AwsSolutions-APIG6', 'Serverless-APIGWAccessLogging'];

/**
 * The role by which API Gateway writes logs is one for the account and region: it outlives a stage that is deleted, and one
 * whose creation fails, since other stages write by it from then on. Its name is made up, so it blocks no next try.
 */
const logging = ({ guarded }: StageConfig) =>
  guarded ? { cloudWatchRole: true, cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN } : { cloudWatchRole: false };

export interface ApiProps {
  readonly config: StageConfig;
  /** Tells who calls. */
  readonly authorizer: ServiceFunction;
  readonly handlers: RouteHandlers;
  /** Answers every path below `/api`, for pages. @default there are no such paths */
  readonly proxy?: ServiceFunction | undefined;
  /** The key of the access logs. @default a key that AWS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** The REST API: what all of its routes have in common. All of it but its stage is one definition, so one resource. */
export class Api extends Construct {
  readonly api: SpecRestApi;
  private readonly publicEndpoint: string | undefined;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const { config, authorizer, handlers, proxy } = props;
    this.publicEndpoint = config.publicEndpoint;
    const invoker = this.invoker([authorizer, ...Object.values(handlers), ...(proxy ? [proxy] : [])]);
    this.api = new SpecRestApi(this, 'Api', {
      restApiName: nameIn(config.stage, 'order-system'),
      apiDefinition: ApiDefinition.fromInline(this.definition(props, invoker)),
      binaryMediaTypes: binaryTypes,
      endpointTypes: [EndpointType.REGIONAL],
      ...logging(config),
      deployOptions: this.deployOptions(props),
    });
    this.api.node.tryRemoveChild('Endpoint'); // an output that says what ApiUrl says, where that can be used
    for (const tag of ['ms-custom-id', '_custom_id_']) Tags.of(this.api).add(tag, localApiId);
    accept(this.api, 'The handlers check requests by contract and name every wrong field.', 'AwsSolutions-APIG2');
    if (config.guarded) this.guard(props);
    else accept(this.api, unguarded, ...unwatched);
  }

  /** Where people find it: a local AWS has no host of AWS's for it. */
  get url(): string {
    const { stageName } = this.api.deploymentStage;
    return this.publicEndpoint === undefined
      ? this.api.urlForPath()
      : `${this.publicEndpoint}/_aws/execute-api/${this.api.restApiId}/${stageName}`;
  }

  private definition({ config, authorizer, handlers, proxy }: ApiProps, invoker: Invoker): Part {
    return {
      openapi: '3.0.1',
      info: { title: 'order-system', version: '1' },
      paths: {
        ...routePaths(handlers, invoker, (parameters) => preflight(config, parameters)),
        ...(proxy ? { [sessionProxy.path]: proxyPath(proxy, invoker) } : {}), // cookies are for pages of the same site alone: no preflight
      },
      components: {
        securitySchemes: {
          token: authorizerScheme(
            { handler: authorizer, invoker, cached: verdictTtl },
            'method.request.header.Authorization',
          ),
          guest: authorizerScheme({ handler: authorizer, invoker, cached: Duration.seconds(0) }), // whoever sends nothing is a guest
        },
      },
      'x-amazon-apigateway-binary-media-types': binaryTypes,
      'x-amazon-apigateway-gateway-responses': gatewayResponses(config),
    };
  }

  /** The one role that API Gateway invokes functions with: a permission of each function would be a resource of its own. */
  private invoker(functions: readonly ServiceFunction[]): ServiceRole {
    const role = new ServiceRole(this, 'Invoker', new ServicePrincipal('apigateway.amazonaws.com'));
    const resourceArns = [...new Set(functions)].map(({ functionArn }) => functionArn);
    Grant.addToPrincipal({ grantee: role, actions: ['lambda:InvokeFunction'], resourceArns });
    return role;
  }

  private deployOptions({ config, encryptionKey }: ApiProps): StageOptions {
    const options = {
      stageName: config.stage,
      tracingEnabled: true,
      throttlingRateLimit: 1000,
      throttlingBurstLimit: 2000,
    };
    if (!config.guarded) return options;
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: config.logRetentionDays,
      removalPolicy: removalPolicy(config),
      encryptionKey,
    });
    return {
      ...options,
      loggingLevel: MethodLoggingLevel.ERROR, // of what API Gateway itself does; bodies are in no log
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

  private guard(props: ApiProps): void {
    new Firewall(this, 'Firewall', { stageArn: this.api.deploymentStage.stageArn });
    this.keepExecutionLogs(props);
    const pushToLogs = 'Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
    accept(this.api, 'API Gateway wants just this policy to write logs.', `AwsSolutions-IAM4[${pushToLogs}]`);
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
}
