import { Stack } from 'aws-cdk-lib';
import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { InventoryEvent } from '../lambda/contracts/inventory-events';
import type { EnvFor } from '../lambda/kernel/env';
import type { advanceOrderEnv, getOrderEnv, healthEnv, placeOrderEnv } from '../lambda/order/env';
import type { RouteHandlers } from './api-routes';
import { removalPolicy, type StageConfig } from './config';
import { accept } from './constructs/accept';
import { maxReceiveCount, QueueConsumer } from './constructs/queue-consumer';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import { StreamRelay } from './constructs/stream-relay';
import { DueSweep } from './due-sweep';
import type { Messaging } from './messaging';

export interface OrderServiceProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly build: string;
  /** Tells whom a token names. */
  readonly authorizer: ServiceFunction;
  readonly encryptionKey?: IKey | undefined;
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
      ...this.common(),
      tableName: 'order-products',
      partitionKey: { name: 'productId', type: string },
    });
    this.placeOrder = this.placeOrderFunction();
    this.getOrder = this.getOrderFunction();
    this.health = this.healthFunction();
    const { messaging } = props;
    this.relay = new StreamRelay(this, 'Relay', {
      ...this.common(),
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
      encryptionKey: props.encryptionKey,
    });
    const { orderEvents: topic } = messaging;
    const sweep = { ...this.common(), orders: this.orders, topic, patience: this.patience() };
    this.sweep = new DueSweep(this, 'Sweep', sweep).handler;
  }

  /** Which of its functions answers which route. */
  get handlers(): RouteHandlers {
    return { placeOrder: this.placeOrder, getOrder: this.getOrder, health: this.health };
  }

  private common() {
    const { config, encryptionKey } = this.props;
    return { config, encryptionKey };
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
      ...this.common(),
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
    const { config, encryptionKey, authorizer } = this.props;
    const secret = new Secret(this, 'TrackingSecret', {
      description: 'Key of the tokens that let guests follow their orders',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: removalPolicy(config),
      encryptionKey,
    });
    accept(secret, 'A new secret makes worthless every token that customers hold.', 'AwsSolutions-SMG4');
    const environment: EnvFor<typeof placeOrderEnv> = {
      ORDERS_TABLE: this.orders.tableName,
      PRODUCTS_TABLE: this.products.tableName,
      TRACKING_SECRET_ARN: secret.secretArn,
      AUTHORIZER_URL: authorizer.invocationUrl,
      AUTHORIZER_REGION: Stack.of(this).region,
      ...this.patience(),
    };
    const placeOrder = new ServiceFunction(this, 'PlaceOrder', {
      ...this.common(),
      handler: 'order/place-order',
      environment,
      memorySize: 512, // one SDK call hits the CPU quota of 256 MB
    });
    this.orders.allow(placeOrder, 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query', 'dynamodb:GetItem');
    this.products.allow(placeOrder, 'dynamodb:BatchGetItem');
    secret.grantRead(placeOrder);
    Grant.addToPrincipal({
      grantee: placeOrder,
      actions: ['lambda:InvokeFunction'],
      resourceArns: [authorizer.functionArn],
    });
    return placeOrder;
  }

  private getOrderFunction(): ServiceFunction {
    const environment: EnvFor<typeof getOrderEnv> = { ORDERS_TABLE: this.orders.tableName };
    const getOrder = new ServiceFunction(this, 'GetOrder', {
      ...this.common(),
      handler: 'order/get-order',
      environment,
    });
    this.orders.allow(getOrder, 'dynamodb:Query', 'dynamodb:GetItem');
    return getOrder;
  }

  private healthFunction(): ServiceFunction {
    const { messaging, build } = this.props;
    const environment: EnvFor<typeof healthEnv> = {
      ORDERS_TABLE: this.orders.tableName,
      PRODUCTS_TABLE: this.products.tableName,
      TOPIC_ARN: messaging.orderEvents.topicArn,
      BUILD: build,
    };
    const health = new ServiceFunction(this, 'Health', { ...this.common(), handler: 'order/health', environment });
    this.orders.allow(health, 'dynamodb:GetItem');
    this.products.allow(health, 'dynamodb:GetItem');
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
      ...this.common(),
      handler: 'order/advance-order',
      environment,
      timeout: config.consumerTimeout,
    });
    this.orders.allow(advance, 'dynamodb:Query', 'dynamodb:PutItem');
    return advance;
  }
}
