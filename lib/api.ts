import { Tags } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { removalPolicy, type StageConfig } from './config';

/** The REST API's ID on a local AWS, so that the README's curl is one literal line. */
export const localApiId = 'ordersystem';

export interface ApiProps {
  readonly config: StageConfig;
  readonly placeOrder: IFunction;
  readonly getOrder: IFunction;
  readonly health: IFunction;
}

/** The REST API: its routes and nothing else. */
export class Api extends Construct {
  readonly api: RestApi;

  constructor(scope: Construct, id: string, { config, placeOrder, getOrder, health }: ApiProps) {
    super(scope, id);
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: config.logRetentionDays,
      removalPolicy: removalPolicy(config),
    });
    this.api = new RestApi(this, 'Api', {
      restApiName: 'order-system',
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: true,
      deployOptions: {
        stageName: config.stage,
        tracingEnabled: true,
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
      },
    });
    for (const tag of ['ms-custom-id', '_custom_id_']) Tags.of(this.api).add(tag, localApiId);
    const orders = this.api.root.addResource('orders');
    orders.addMethod('POST', new LambdaIntegration(placeOrder));
    orders.addResource('{orderId}').addMethod('GET', new LambdaIntegration(getOrder));
    this.api.root.addResource('health').addMethod('GET', new LambdaIntegration(health));
  }
}
