import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { InventoryEvent } from '../lambda/contracts/events/inventory-events';
import type { PaymentEvent } from '../lambda/contracts/events/payment-events';
import type { ReturnEvent } from '../lambda/contracts/events/return-events';
import type { EnvFor } from '../lambda/kernel/env';
import type { advanceOrderEnv } from '../lambda/order/env';
import type { RouteHandlers } from './api-routes';
import type { StageConfig } from './config';
import { type Listening, QueueConsumer } from './constructs/queue-consumer';
import type { RequestMiddleware } from './constructs/request-middleware';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import { StreamRelay } from './constructs/stream-relay';
import type { SubjectKeys } from './constructs/subject-keys';
import { DueSweep } from './due-sweep';
import type { Messaging } from './messaging';
import { OrderRoutes, timeoutsOf } from './order-routes';
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
  readonly subjectKeys: SubjectKeys;
  readonly encryptionKey?: IKey | undefined;
}

type ProcessEvent = InventoryEvent | ReturnEvent | PaymentEvent;

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
    this.routes = new OrderRoutes(this, 'Routes', { ...props, orders, products });
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
    const sweep = { ...this.common(), orders: this.orders, topic, timeouts: timeoutsOf(props.config) };
    this.sweep = new DueSweep(this, 'Sweep', sweep).handler;
  }

  /** The function of each route. */
  get handlers(): RouteHandlers {
    return this.routes.handlers;
  }

  /** The function that answers order queries of other services. */
  get describeOrder(): ServiceFunction {
    return this.routes.describeOrder;
  }

  /** The function that finds the orders of a person for the privacy service. */
  get findPersonalOrders(): ServiceFunction {
    return this.routes.findPersonalOrders;
  }

  private common() {
    const { config, encryptionKey } = this.props;
    return { config, encryptionKey };
  }

  private advanceOrderFunction(): ServiceFunction {
    const { config, messaging } = this.props;
    const environment: EnvFor<typeof advanceOrderEnv> = {
      ORDERS_TABLE: this.orders.tableName,
      DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
      ...timeoutsOf(config),
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
        { topic: messaging.returnEvents, eventTypes: ['ReturnCompleted.v2'] },
        {
          topic: messaging.paymentEvents,
          eventTypes: ['PaymentSucceeded.v1', 'PaymentFailed.v1', 'PaymentRefunded.v1', 'PaymentRefundFailed.v1'],
        },
      ];
