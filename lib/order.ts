import { Duration } from 'aws-cdk-lib';
import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { InventoryEvent } from '../lambda/contracts/inventory-events';
import type { EnvFor } from '../lambda/kernel/env';
import type { advanceOrderEnv, getOrderEnv, healthEnv, placeOrderEnv, sweepDueOrdersEnv } from '../lambda/order/env';
import { removalPolicy, type StageConfig } from './config';
import { maxReceiveCount, QueueConsumer } from './constructs/queue-consumer';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import { StreamRelay } from './constructs/stream-relay';
import type { Messaging } from './messaging';

export interface OrderServiceProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly build: string;
  readonly encryptionKey?: IKey;
}

const string = AttributeType.STRING;

/** Takes orders, tells of them, and follows each one until nothing more is waited for. */
export class OrderService extends Construct {
  readonly orders: ServiceTable;
  /** The order service's own copy of the catalog. */
  readonly products: ServiceTable;
  readonly placeOrder: ServiceFunction;
  readonly getOrder: ServiceFunction;
  readonly health: ServiceFunction;
  readonly advanceOrder: ServiceFunction;
  readonly sweep: ServiceFunction;
  readonly relay: StreamRelay;
  readonly consumer: QueueConsumer<InventoryEvent['type']>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: OrderServiceProps,
  ) {
    super(scope, id);
    this.orders = this.ordersTable();
    this.products = new ServiceTable(this, 'Products', {
      ...this.data(),
      tableName: 'order-products',
      partitionKey: { name: 'productId', type: string },
    });
    this.placeOrder = this.placeOrderFunction();
    this.getOrder = this.getOrderFunction();
    this.health = this.healthFunction();
    const { config, messaging } = props;
    this.relay = new StreamRelay(this, 'Relay', {
      config,
      handler: 'order/relay-order-events',
      table: this.orders,
      topic: messaging.orderEvents,
      parkingQueueName: 'order-relay-dlq',
    });
    this.advanceOrder = this.advanceOrderFunction();
    this.consumer = new QueueConsumer(this, 'Saga', {
      queueName: 'order-saga-queue',
      topic: messaging.inventoryEvents,
      eventTypes: ['StockReserved.v1', 'StockShort.v1', 'StockReleased.v1'],
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.advanceOrder,
    });
    this.sweep = this.sweepFunction();
  }

  private data() {
    const { config, encryptionKey } = this.props;
    return encryptionKey === undefined ? { config } : { config, encryptionKey };
  }

  private patience() {
    const { answerPatience, backorderPatience } = this.props.config;
    return {
      ANSWER_SECONDS: String(answerPatience.toSeconds()),
      BACKORDER_SECONDS: String(backorderPatience.toSeconds()),
    };
  }

  private ordersTable(): ServiceTable {
    const orders = new ServiceTable(this, 'Orders', {
      ...this.data(),
      tableName: 'orders',
      partitionKey: { name: 'orderId', type: string },
      sortKey: { name: 'createdAt', type: string },
      relayed: true,
      timeToLiveAttribute: 'expiresAt', // idempotency claims alone have it
    });
    orders.addGlobalSecondaryIndex({
      indexName: 'byDueAt',
      partitionKey: { name: 'dueShard', type: string },
      sortKey: { name: 'dueAt', type: string },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    return orders;
  }

  private placeOrderFunction(): ServiceFunction {
    const { config, encryptionKey } = this.props;
    const secret = new Secret(this, 'TrackingSecret', {
      description: 'Key of the tokens that let guests follow their orders',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: removalPolicy(config),
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
    });
    const environment: EnvFor<typeof placeOrderEnv> = {
      ORDERS_TABLE: this.orders.tableName,
      PRODUCTS_TABLE: this.products.tableName,
      TRACKING_SECRET_ARN: secret.secretArn,
      ...this.patience(),
    };
    const placeOrder = new ServiceFunction(this, 'PlaceOrder', {
      config,
      handler: 'order/place-order',
      environment,
      memorySize: 512, // one SDK call hits the CPU quota of 256 MB
    });
    this.orders.grant(placeOrder, 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query', 'dynamodb:GetItem');
    this.products.grant(placeOrder, 'dynamodb:BatchGetItem');
    secret.grantRead(placeOrder);
    return placeOrder;
  }

  private getOrderFunction(): ServiceFunction {
    const environment: EnvFor<typeof getOrderEnv> = { ORDERS_TABLE: this.orders.tableName };
    const getOrder = new ServiceFunction(this, 'GetOrder', {
      config: this.props.config,
      handler: 'order/get-order',
      environment,
    });
    this.orders.grant(getOrder, 'dynamodb:Query', 'dynamodb:GetItem');
    return getOrder;
  }

  private healthFunction(): ServiceFunction {
    const { config, messaging, build } = this.props;
    const environment: EnvFor<typeof healthEnv> = {
      ORDERS_TABLE: this.orders.tableName,
      PRODUCTS_TABLE: this.products.tableName,
      TOPIC_ARN: messaging.orderEvents.topicArn,
      BUILD: build,
    };
    const health = new ServiceFunction(this, 'Health', { config, handler: 'order/health', environment });
    this.orders.grant(health, 'dynamodb:GetItem');
    this.products.grant(health, 'dynamodb:GetItem');
    Grant.addToPrincipal({
      grantee: health,
      actions: ['sns:GetTopicAttributes'],
      resourceArns: [messaging.orderEvents.topicArn],
    });
    return health;
  }

  private advanceOrderFunction(): ServiceFunction {
    const { config, messaging } = this.props;
    const environment: EnvFor<typeof advanceOrderEnv> = {
      ORDERS_TABLE: this.orders.tableName,
      DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
      MAX_RECEIVE_COUNT: String(maxReceiveCount),
      ...this.patience(),
    };
    const advance = new ServiceFunction(this, 'AdvanceOrder', {
      config,
      handler: 'order/advance-order',
      environment,
      timeout: config.consumerTimeout,
    });
    this.orders.grant(advance, 'dynamodb:Query', 'dynamodb:PutItem');
    return advance;
  }

  private sweepFunction(): ServiceFunction {
    const { config, messaging } = this.props;
    const environment: EnvFor<typeof sweepDueOrdersEnv> = {
      ORDERS_TABLE: this.orders.tableName,
      TOPIC_ARN: messaging.orderEvents.topicArn,
      ...this.patience(),
    };
    const sweep = new ServiceFunction(this, 'Sweep', {
      config,
      handler: 'order/sweep-due-orders',
      environment,
      timeout: Duration.seconds(50), // done before the next one starts
    });
    this.orders.grant(sweep, 'dynamodb:Query', 'dynamodb:PutItem');
    messaging.orderEvents.grantPublish(sweep);
    new Rule(this, 'EveryMinute', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(sweep)],
    });
    return sweep;
  }
}
