import { ArnFormat, Duration, RemovalPolicy, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { ApiDefinition, SpecRestApi } from 'aws-cdk-lib/aws-apigateway';
import { AttributeType, BillingMode, CfnGlobalTable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type BundlingOptions, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { routes } from '../../lambda/contracts/api/routes';
import type { ServiceTable } from '../../lib/constructs/service-table';

const common = { runtime: Runtime.NODEJS_24_X, architecture: Architecture.ARM_64, timeout: Duration.seconds(10) };

/** As the system's own functions are bundled. */
const asOurs: BundlingOptions = {
  format: OutputFormat.ESM,
  mainFields: ['module', 'main'],
  minify: true,
  target: 'node20',
  externalModules: [],
  banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
};

/** The API's ID on a local AWS. */
export const benchApiId = 'bench';
export const benchStage = 'local';

/** Which function answers which path of the yardsticks' API. */
export const yardstickPaths = { echo: 'Echo', naive: 'Naive', floor: 'Floor' } as const;

/** A topic and the three queues behind it. */
export type FanOut = { readonly topicName: string; readonly queueNames: readonly string[] };

export const rawFanOut: FanOut = { topicName: 'raw-events', queueNames: ['raw-1', 'raw-2', 'raw-3'] };
export const naiveFanOut: FanOut = { topicName: 'naive-fan-out', queueNames: ['naive-1', 'naive-2', 'naive-3'] };

export interface BenchStackProps extends StackProps {
  /** The table whose keys, indexes and stream the floor's table has. */
  readonly orders: ServiceTable;
}

const copiedProperties = [
  'keySchema',
  'attributeDefinitions',
  'globalSecondaryIndexes',
  'streamSpecification',
] as const;

const onDemand = { billingMode: BillingMode.PAY_PER_REQUEST, removalPolicy: RemovalPolicy.DESTROY };

/** What the system is measured against: a bare function, the one write of an order, the usual order function, bare fan-outs. */
export class BenchStack extends Stack {
  constructor(scope: Construct, id: string, { orders, ...props }: BenchStackProps) {
    super(scope, id, props);
    this.api({ Echo: this.bare('Echo', 'echo'), Naive: this.naive(), Floor: this.floor(orders) });
    this.fanOut(rawFanOut, (consumer) => this.bare(consumer, 'raw-consumer', 256));
    this.fanOut(naiveFanOut, (consumer) => this.writer(consumer));
  }

  /** An API with as many routes as the system's, so that finding one takes as long. */
  private api(handlers: Readonly<Record<(typeof yardstickPaths)[keyof typeof yardstickPaths], NodejsFunction>>): void {
    const unmeasured = Object.values(routes).map(({ path, method }) => ({ path, method, handler: handlers.Echo }));
    const paths: Record<string, Record<string, unknown>> = {};
    for (const { path, method, handler } of unmeasured)
      paths[path] = { ...paths[path], [method.toLowerCase()]: this.handedTo(handler) };
    for (const [path, name] of Object.entries(yardstickPaths))
      paths[`/${path}`] = { post: this.handedTo(handlers[name]) };
    const api = new SpecRestApi(this, 'Api', {
      restApiName: 'bench',
      apiDefinition: ApiDefinition.fromInline({ openapi: '3.0.1', info: { title: 'bench', version: '1' }, paths }),
      deployOptions: { stageName: benchStage },
      cloudWatchRole: false,
    });
    for (const tag of ['ms-custom-id', '_custom_id_']) Tags.of(api).add(tag, benchApiId);
    for (const handler of Object.values(handlers))
      handler.addPermission('Api', { principal: new ServicePrincipal('apigateway.amazonaws.com') });
  }

  private handedTo({ functionArn }: NodejsFunction) {
    const uri = this.formatArn({
      service: 'apigateway',
      account: 'lambda',
      resource: `path/2015-03-31/functions/${functionArn}/invocations`,
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    });
    return { responses: {}, 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', uri } };
  }

  private bare(id: string, handler: string, memorySize = 512): NodejsFunction {
    return new NodejsFunction(this, id, {
      ...common,
      entry: `bench/yardsticks/${handler}.handler.ts`,
      memorySize,
      bundling: { format: OutputFormat.ESM, minify: true, target: 'node20' },
    });
  }

  /** The one write that an order is, into a table like the orders', and nothing else. */
  private floor(orders: ServiceTable): NodejsFunction {
    const like = orders.node.defaultChild as CfnGlobalTable;
    const copied = Object.fromEntries(copiedProperties.map((name) => [name, Stack.of(orders).resolve(like[name])]));
    const table = new CfnGlobalTable(this, 'FloorOrders', {
      ...(copied as Pick<CfnGlobalTable, (typeof copiedProperties)[number]>),
      tableName: 'floor-orders',
      billingMode: BillingMode.PAY_PER_REQUEST,
      replicas: [{ region: this.region }],
    });
    table.applyRemovalPolicy(RemovalPolicy.DESTROY);
    const floor = new NodejsFunction(this, 'Floor', {
      ...common,
      entry: 'bench/yardsticks/floor.handler.ts',
      memorySize: 512,
      environment: { TABLE: table.ref },
      bundling: asOurs,
    });
    floor.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:PutItem'], resources: [table.attrArn] }));
    return floor;
  }

  /** As most tutorials build it: CommonJS, every locale of zod, all of Powertools, the default credentials. */
  private naive(): NodejsFunction {
    const orders = new Table(this, 'NaiveOrders', {
      ...onDemand,
      tableName: 'naive-orders',
      partitionKey: { name: 'orderId', type: AttributeType.STRING },
    });
    const topic = new Topic(this, 'NaiveEvents', { topicName: 'naive-events' });
    const naive = new NodejsFunction(this, 'Naive', {
      ...common,
      entry: 'bench/yardsticks/naive.handler.ts',
      memorySize: 512,
      tracing: Tracing.ACTIVE,
      environment: { ORDERS_TABLE: orders.tableName, TOPIC_ARN: topic.topicArn, POWERTOOLS_SERVICE_NAME: 'naive' },
      bundling: { minify: true, externalModules: [], target: 'node20' },
    });
    orders.grantWriteData(naive);
    topic.grantPublish(naive);
    return naive;
  }

  /** A topic with three queues and their consumers. */
  private fanOut({ topicName, queueNames }: FanOut, consumer: (id: string) => NodejsFunction) {
    const topic = new Topic(this, topicName, { topicName });
    for (const queueName of queueNames) {
      const queue = new Queue(this, queueName, { queueName, visibilityTimeout: Duration.seconds(30) });
      topic.addSubscription(new SqsSubscription(queue, { rawMessageDelivery: true }));
      const handler = consumer(`Consume-${queueName}`);
      handler.addEventSource(new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true }));
    }
  }

  /** A consumer that writes one row for each message, into a table of its own. */
  private writer(id: string): NodejsFunction {
    const partitionKey = { name: 'orderId', type: AttributeType.STRING };
    const table = new Table(this, `${id}Rows`, { ...onDemand, partitionKey });
    const writer = new NodejsFunction(this, id, {
      ...common,
      entry: 'bench/yardsticks/naive-consumer.handler.ts',
      memorySize: 256,
      environment: { TABLE: table.tableName },
      bundling: asOurs,
    });
    table.grantWriteData(writer);
    return writer;
  }
}
