import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { LambdaIntegration } from 'aws-cdk-lib/aws-apigateway';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Api } from '../../lib/api';
import type { OrderSystemStack } from '../../lib/order-system.stack';

const common = { runtime: Runtime.NODEJS_24_X, architecture: Architecture.ARM_64, timeout: Duration.seconds(10) };

const banner = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

/** A topic and the three queues behind it. */
export type FanOut = { readonly topicName: string; readonly queueNames: readonly string[] };

export const rawFanOut: FanOut = { topicName: 'raw-events', queueNames: ['raw-1', 'raw-2', 'raw-3'] };
export const naiveFanOut: FanOut = { topicName: 'naive-fan-out', queueNames: ['naive-1', 'naive-2', 'naive-3'] };

/** What the system is measured against: a bare function behind its own API, the usual order function, a bare fan-out. */
export class Yardsticks extends Construct {
  constructor(system: OrderSystemStack, id: string) {
    super(system, id);
    const { api } = system.node.children.find((child) => child instanceof Api) ?? {};
    if (api === undefined) throw new Error('the stack has no API');
    api.root.addResource('echo').addMethod('POST', new LambdaIntegration(this.bare('Echo', 'echo')));
    api.root.addResource('naive').addMethod('POST', new LambdaIntegration(this.naive()));
    this.fanOut(rawFanOut, (consumer) => this.bare(consumer, 'raw-consumer', 256));
    this.fanOut(naiveFanOut, (consumer) => this.writer(consumer));
  }

  private bare(id: string, handler: string, memorySize = 512): NodejsFunction {
    return new NodejsFunction(this, id, {
      ...common,
      entry: `bench/yardsticks/${handler}.handler.ts`,
      memorySize,
      bundling: { format: OutputFormat.ESM, minify: true, target: 'node20' },
    });
  }

  /** As most tutorials build it: CommonJS, every locale of zod, all of Powertools, the default credentials. */
  private naive(): NodejsFunction {
    const orders = new Table(this, 'NaiveOrders', {
      tableName: 'naive-orders',
      partitionKey: { name: 'orderId', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
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
    const table = new Table(this, `${id}Rows`, {
      partitionKey: { name: 'orderId', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const writer = new NodejsFunction(this, id, {
      ...common,
      entry: 'bench/yardsticks/naive-consumer.handler.ts',
      memorySize: 256,
      environment: { TABLE: table.tableName },
      bundling: {
        format: OutputFormat.ESM,
        mainFields: ['module', 'main'],
        minify: true,
        target: 'node20',
        externalModules: [],
        banner,
      },
    });
    table.grantWriteData(writer);
    return writer;
  }
}
