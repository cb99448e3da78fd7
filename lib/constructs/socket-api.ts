import { Stack } from 'aws-cdk-lib';
import { CfnApi, CfnIntegration, CfnRoute, CfnStage, type CfnStageProps } from 'aws-cdk-lib/aws-apigatewayv2';
import { Grant, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StageConfig } from '../config';
import { nameIn } from '../names';
import { accept, openToGuests, unguarded, wildcardOn, withoutName } from './accept';

export interface SocketApiProps {
  readonly config: StageConfig;
  readonly name: string;
  /** The API's ID on a local AWS. */
  readonly localId: string;
  /** Makes the function of every handshake, frame and disconnect, given the API that it sends frames to. */
  readonly handler: (api: SocketApi) => IFunction;
  /** The log group of the service, where its access log is, too. Stages that are not guarded have none. */
  readonly logs: ILogGroup;
}

const routeKeys = { Connect: '$connect', Default: '$default', Disconnect: '$disconnect' } as const;

/** The access log of connections, without the address and the query, which may hold a token. */
const accessLogFormat = JSON.stringify({
  requestTime: '$context.requestTime',
  eventType: '$context.eventType',
  routeKey: '$context.routeKey',
  status: '$context.status',
  connectionId: '$context.connectionId',
  requestId: '$context.requestId',
  error: '$context.error.messageString',
});

/** A WebSocket API with one function for all connections. */
export class SocketApi extends Construct {
  readonly stage: CfnStage;
  private readonly api: CfnApi;
  private readonly config: StageConfig;

  constructor(scope: Construct, id: string, props: SocketApiProps) {
    super(scope, id);
    const { config, name, localId } = props;
    this.config = config;
    this.api = new CfnApi(this, 'Api', {
      name: nameIn(config.stage, name),
      protocolType: 'WEBSOCKET',
      routeSelectionExpression: '$request.body.action',
      tags: { 'ms-custom-id': localId, _custom_id_: localId },
    });
    this.stage = this.stageOf(props);
    this.serve(props.handler(this));
  }

  /** The URL that clients connect to. */
  get url(): string {
    const { stage, publicEndpoint } = this.config;
    if (publicEndpoint !== undefined)
      return `${publicEndpoint.replace(/^http/, 'ws')}/_aws/execute-api/${this.id}/${stage}`;
    const { region, urlSuffix } = Stack.of(this);
    return `wss://${this.id}.execute-api.${region}.${urlSuffix}/${this.config.stage}`;
  }

  /** The API's ID, for functions that send frames. */
  get id(): string {
    return this.api.ref;
  }

  private arn(path: string): string {
    return Stack.of(this).formatArn({ service: 'execute-api', resource: this.api.ref, resourceName: path });
  }

  private serve(handler: IFunction): void {
    const { partition, region } = Stack.of(this);
    const integration = new CfnIntegration(this, 'Integration', {
      apiId: this.api.ref,
      integrationType: 'AWS_PROXY',
      integrationUri: `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${handler.functionArn}/invocations`,
    });
    for (const [id, routeKey] of Object.entries(routeKeys)) {
      const target = `integrations/${integration.ref}`;
      const route = new CfnRoute(this, id, { apiId: this.api.ref, routeKey, authorizationType: 'NONE', target });
      accept(route, openToGuests, 'AwsSolutions-APIG4');
    }
    handler.addPermission('Connections', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.arn(`${this.config.stage}/*`),
      scope: this,
    });
  }

  /** Allows `handler` to send frames to connections and to close them. */
  allowManage(handler: IFunction): void {
    const resourceArns = ['POST', 'DELETE'].map((method) => this.arn(`${this.config.stage}/${method}/@connections/*`));
    Grant.addToPrincipal({ grantee: handler, actions: ['execute-api:ManageConnections'], resourceArns });
    if (handler.role) accept(handler.role, withoutName, ...resourceArns.map((arn) => wildcardOn(this, arn)));
  }

  private stageOf({ config, logs }: SocketApiProps): CfnStage {
    const stage = {
      apiId: this.api.ref,
      stageName: config.stage,
      autoDeploy: true,
      defaultRouteSettings: { throttlingRateLimit: 500, throttlingBurstLimit: 1000 },
    };
    if (!config.guarded) return this.unguardedStage(stage);
    return new CfnStage(this, 'Stage', {
      ...stage,
      accessLogSettings: { destinationArn: logs.logGroupArn, format: accessLogFormat },
    });
  }

  private unguardedStage(props: CfnStageProps): CfnStage {
    const stage = new CfnStage(this, 'Stage', props);
    accept(stage, unguarded, 'AwsSolutions-APIG1', 'Serverless-APIGWAccessLogging');
    return stage;
  }
}
