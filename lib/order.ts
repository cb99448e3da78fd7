import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { CatalogEvent } from '../lambda/contracts/catalog-events';
import type { InventoryEvent } from '../lambda/contracts/inventory-events';
import type { PaymentEvent } from '../lambda/contracts/payment-events';
import type { ReturnEvent } from '../lambda/contracts/return-events';
import type { TenantEvent } from '../lambda/contracts/tenant-events';
import type { EnvFor } from '../lambda/kernel/env';
import type { advanceOrderEnv, projectShopDataEnv } from '../lambda/order/env';
import type { RouteHandlers } from './api-routes';
import type { StageConfig } from './config';
import { type Listening, QueueConsumer } from './constructs/queue-consumer';
import type { RequestMiddleware } from './constructs/request-middleware';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import { StreamRelay } from './constructs/stream-relay';
import { DueSweep } from './due-sweep';
import type { Messaging } from './messaging';
import { OrderRoutes, type QueryHandlers } from './order-routes';
import { ordersTable } from './orders-table';

export interface OrderServiceProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly build: string;
  /** Verifies the token of a caller. */
  readonly authorizer: ServiceFunction;
  /** Checks the stock for an order before it is placed. */
  readonly inventory: ServiceFunction;
  readonly middleware: RequestMiddleware;
  readonly encryptionKey?: IKey | undefined;
}

type ProcessEvent = InventoryEvent | ReturnEvent | PaymentEvent;
type ShopDataEvent = CatalogEvent['type'] | TenantEvent['type'];

/** Takes orders, publishes their events, and advances each one until no answer is outstanding. */
export class OrderService extends Construct {
  readonly orders: ServiceTable;
  /** The order service's projection of the catalog. */
  readonly products: ServiceTable;
  readonly routes: OrderRoutes;
  readonly advanceOrder: ServiceFunction;
  readonly sweep: ServiceFunction;
  readonly relay: StreamRelay;
  readonly consumer: QueueConsumer<ProcessEvent['type']>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: OrderServiceProps,
  ) {
    super(scope, id);
    this.orders = ordersTable(this, this.common());
    this.products = new ServiceTable(this, 'Products', {
      ...this.common(),
      tableName: 'order-products',
      partitionKey: { name: 'productId', type: AttributeType.STRING },
    });
    const { orders, products } = this;
    this.routes = new OrderRoutes(this, 'Routes', { ...props, orders, products, timeouts: this.timeouts() });
    const { messaging } = props;
    this.relay = new StreamRelay(this, 'Relay', {
      ...this.common(),
      handler: 'order/relay-order-events',
      table: this.orders,
      topic: messaging.orderEvents,
      deadLetterQueueName: 'order-relay-dlq',
    });
    this.advanceOrder = this.advanceOrderFunction();
    this.consumer = new QueueConsumer(this, 'Saga', {
      queueName: 'order-saga-queue',
      topic: messaging.inventoryEvents,
      eventTypes: ['StockReserved.v1', 'StockShort.v1', 'StockReleased.v1', 'StockDeducted.v1'],
      alsoFrom: shopEventsOf(props),
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.advanceOrder,
      encryptionKey: props.encryptionKey,
    });
    const { orderEvents: topic } = messaging;
    const sweep = { ...this.common(), orders: this.orders, topic, timeouts: this.timeouts() };
    this.sweep = new DueSweep(this, 'Sweep', sweep).handler;
  }

  /** The function of each route. */
  get handlers(): RouteHandlers {
    return this.routes.handlers;
  }

  /** Adds the lists, changes and timeline of orders. Returns the function of each route. */
  serveOrders(queryHandlers: QueryHandlers): RouteHandlers {
    return this.routes.serveOrders(queryHandlers);
  }

  /** The function that answers order queries of other services. */
  get describeOrder(): ServiceFunction {
    return this.routes.describeOrder;
  }

  private common() {
    const { config, encryptionKey } = this.props;
    return { config, encryptionKey };
  }

  private timeouts() {
    const { answerTimeout, backorderTimeout, paymentTimeout } = this.props.config;
    return {
      ANSWER_SECONDS: String(answerTimeout.toSeconds()),
      BACKORDER_SECONDS: String(backorderTimeout.toSeconds()),
      PAYMENT_SECONDS: String(paymentTimeout.toSeconds()),
    };
  }

  private projectShopDataFunction(): ServiceFunction {
    const { config, messaging } = this.props;
    const environment: EnvFor<typeof projectShopDataEnv> = {
      ORDERS_TABLE: this.orders.tableName,
      PRODUCTS_TABLE: this.products.tableName,
      DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
    };
    const project = new ServiceFunction(this, 'KeepCopies', {
      ...this.common(),
      handler: 'order/project-shop',
      environment,
      timeout: config.consumerTimeout,
    });
    this.orders.allow(project, 'dynamodb:PutItem');
    this.products.allow(project, 'dynamodb:PutItem');
    return project;
  }

  /** Adds the projection of the catalog and of the tenants. */
  projectShopData(): void {
    const { messaging, encryptionKey } = this.props;
    const tenants = [
      'TenantCreated.v1',
      'TenantUpdated.v1',
      'StorefrontKeyCreated.v1',
      'StorefrontKeyDeleted.v1',
    ] as const;
    new QueueConsumer<ShopDataEvent>(this, 'Copies', {
      queueName: 'order-copy-queue',
      topic: messaging.catalogEvents,
      eventTypes: ['ProductCreated.v1', 'ProductUpdated.v1', 'ProductDiscontinued.v1'],
      alsoFrom: [{ topic: messaging.tenantEvents, eventTypes: tenants }],
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.projectShopDataFunction(),
      encryptionKey,
    });
  }

  private advanceOrderFunction(): ServiceFunction {
    const { config, messaging } = this.props;
    const environment: EnvFor<typeof advanceOrderEnv> = {
      ORDERS_TABLE: this.orders.tableName,
      DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
      ...this.timeouts(),
    };
    const advance = new ServiceFunction(this, 'AdvanceOrder', {
      ...this.common(),
      handler: 'order/advance-order',
      environment,
      timeout: config.consumerTimeout,
    });
    this.orders.allow(advance, 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:GetItem');
    return advance;
  }
}

const shopEventsOf = ({ config, messaging }: OrderServiceProps): Listening<ProcessEvent['type']>[] =>
  config.services === 'core'
    ? []
    : [
        { topic: messaging.returnEvents, eventTypes: ['ReturnCompleted.v1'] },
        {
          topic: messaging.paymentEvents,
          eventTypes: ['PaymentSucceeded.v1', 'PaymentFailed.v1', 'PaymentRefunded.v1', 'PaymentRefundFailed.v1'],
        },
      ];
