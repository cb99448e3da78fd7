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
import { Construct, type IConstruct } from 'constructs';
import { sessionProxy } from '../lambda/contracts/api/routes';
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

/**
 * How long API Gateway caches the authorizer's response for a token, so that a disabled user is out within a minute.
 */
const authorizerTtl = Duration.seconds(30);

/** Bodies that are passed on as raw bytes: a CSV file may be in any encoding, and a wrong one must be reported. */
const binaryTypes = ['text/csv'];

/** The cdk-nag rules that a stage without firewall, logs and monitoring breaks. */
const unguardedRules = [
  'AwsSolutions-APIG1',
  'AwsSolutions-APIG3',
  'AwsSolutions-APIG6',
  'Serverless-APIGWAccessLogging',
];

/**
 * Sets the role by which API Gateway writes logs, one per account and region. It is retained when a stage is deleted or
 * its creation fails, since other stages use it too. Its name is generated, so that it blocks no later deployment.
 */
const logging = ({ guarded }: StageConfig) =>
  guarded ? { cloudWatchRole: true, cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN } : { cloudWatchRole: false };

export interface ApiProps {
  readonly config: StageConfig;
  /** Identifies the caller. */
  readonly authorizer: ServiceFunction;
  readonly handlers: RouteHandlers;
  /** Serves every path under `/api` to pages. @default there are no such paths */
  readonly proxy?: ServiceFunction | undefined;
  /**
   * The stage of another API that writes access logs. It comes after this API's account, which allows them.
   * @default there is none
   */
  readonly otherStage?: IConstruct | undefined;
  /** The key of the access logs. @default a key that AWS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** The REST API. One OpenAPI definition holds all routes, so that it is one resource besides its stage. */
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
    this.api.node.tryRemoveChild('Endpoint'); // an output that repeats ApiUrl
    for (const tag of ['ms-custom-id', '_custom_id_']) Tags.of(this.api).add(tag, localApiId);
    accept(this.api, 'The handlers check requests by contract and name every wrong field.', 'AwsSolutions-APIG2');
    if (config.guarded) this.guard(props);
    else accept(this.api, unguarded, ...unguardedRules);
  }

  /** The public URL; on a local AWS a path under its endpoint. */
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
        ...routePaths(handlers, invoker, preflight(config)),
        ...(proxy ? { [sessionProxy.path]: proxyPath(proxy, invoker) } : {}), // session cookies work on the same site only: no preflight
      },
      components: {
        securitySchemes: {
          token: authorizerScheme(
            { handler: authorizer, invoker, cached: authorizerTtl },
            'method.request.header.Authorization',
          ),
          guest: authorizerScheme({ handler: authorizer, invoker, cached: Duration.seconds(0) }), // a request without a token is a guest's
        },
      },
      'x-amazon-apigateway-binary-media-types': binaryTypes,
      'x-amazon-apigateway-gateway-responses': gatewayResponses(config),
    };
  }

  /** Creates the role that API Gateway invokes functions with: permissions per function would each be a resource. */
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
      loggingLevel: MethodLoggingLevel.ERROR, // of API Gateway itself; bodies are never logged
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
    this.addExecutionLogs(props);
    props.otherStage?.node.addDependency(this.api.node.findChild('Account'));
    const pushToLogs = 'Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
    accept(this.api, 'API Gateway requires this policy to write logs.', `AwsSolutions-IAM4[${pushToLogs}]`);
  }

  /** Creates the log group that API Gateway would otherwise create itself, without a retention. */
  private addExecutionLogs({ config, encryptionKey }: ApiProps): void {
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
