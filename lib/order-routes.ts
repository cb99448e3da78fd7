import { Duration } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { EnvFor } from '../lambda/kernel/env';
import type {
  describeOrderEnv,
  findPersonalOrdersEnv,
  getOrderEnv,
  healthEnv,
  placeOrderEnv,
  serveOrdersEnv,
} from '../lambda/order/env';
import type { RouteHandlers } from './api-routes';
import type { StageConfig } from './config';
import type { RequestMiddleware } from './constructs/request-middleware';
import { ServiceFunction } from './constructs/service-function';
import { ServiceSecret } from './constructs/service-secret';
import type { ServiceTable } from './constructs/service-table';
import type { SubjectKeys } from './constructs/subject-keys';
import type { Messaging } from './messaging';

/** The functions that answer queries about an order, by service. */
type QueryHandlers = Readonly<Record<'inventory' | 'billing' | 'notification' | 'alert' | 'payment', ServiceFunction>>;

export interface OrderRoutesProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly middleware: RequestMiddleware;
  readonly subjectKeys: SubjectKeys;
  readonly build: string;
  /** Verifies the token of a caller. */
  readonly authorizer: ServiceFunction;
  /** Checks the stock for an order before it is placed. */
  readonly inventory: ServiceFunction;
  readonly orders: ServiceTable;
  /** The order service's projection of the catalog. */
  readonly products: ServiceTable;
  readonly encryptionKey?: IKey | undefined;
}

/** How long an order waits for stock and payment, as its functions read it. */
export const timeoutsOf = ({ answerTimeout, backorderTimeout, paymentTimeout }: StageConfig) => ({
  ANSWER_SECONDS: String(answerTimeout.toSeconds()),
  BACKORDER_SECONDS: String(backorderTimeout.toSeconds()),
  PAYMENT_SECONDS: String(paymentTimeout.toSeconds()),
});

const allowInvoke = (grantee: ServiceFunction, ...functions: readonly ServiceFunction[]) =>
  Grant.addToPrincipal({
    grantee,
    actions: ['lambda:InvokeFunction'],
    resourceArns: functions.map(({ functionArn }) => functionArn),
  });

/** The functions that serve the order routes and the queries of other services. */
export class OrderRoutes extends Construct {
  readonly placeOrder: ServiceFunction;
  readonly getOrder: ServiceFunction;
  readonly health: ServiceFunction;
  private ownDescribeOrder: ServiceFunction | undefined;
  private ownFindPersonalOrders: ServiceFunction | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: OrderRoutesProps,
  ) {
    super(scope, id);
    this.placeOrder = this.placeOrderFunction();
    this.getOrder = this.getOrderFunction();
    this.health = this.healthFunction();
  }

  /** The function that answers order queries of other services. */
  get describeOrder(): ServiceFunction {
    this.ownDescribeOrder ??= this.describeOrderFunction();
    return this.ownDescribeOrder;
  }

  /** The function that finds the orders of a person. */
  get findPersonalOrders(): ServiceFunction {
    this.ownFindPersonalOrders ??= this.findPersonalOrdersFunction();
    return this.ownFindPersonalOrders;
  }

  /** The function of each route. */
  get handlers(): RouteHandlers {
    const { placeOrder, getOrder, health } = this;
    return { placeOrder, quickOrder: placeOrder, getOrder, health };
  }

  private common() {
    const { config, encryptionKey, middleware } = this.props;
    return { config, encryptionKey, middleware };
  }

  private placeOrderFunction(): ServiceFunction {
    const { config, encryptionKey, authorizer, inventory, orders, products } = this.props;
    const description = 'Key of the tokens that let guests follow their orders';
    const secret = new ServiceSecret(this, 'TrackingSecret', { config, description, encryptionKey });
    const environment: EnvFor<typeof placeOrderEnv> = {
      ORDERS_TABLE: orders.tableName,
      PRODUCTS_TABLE: products.tableName,
      TRACKING_SECRET_ARN: secret.secretArn,
      AUTHORIZER_FUNCTION: authorizer.functionName,
      INVENTORY_FUNCTION: inventory.functionName,
      ...timeoutsOf(config),
    };
    const placeOrder = new ServiceFunction(this, 'PlaceOrder', {
      ...this.common(),
      handler: 'order/place-order',
      environment,
      memorySize: 512, // one SDK call exceeds the CPU quota of 256 MB
    });
    orders.allow(placeOrder, 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query', 'dynamodb:GetItem');
    products.allow(placeOrder, 'dynamodb:BatchGetItem');
    secret.allowRead(placeOrder);
    this.props.subjectKeys.allowSeal(placeOrder);
    allowInvoke(placeOrder, authorizer, inventory);
    return placeOrder;
  }

  private getOrderFunction(): ServiceFunction {
    const { orders } = this.props;
    const environment: EnvFor<typeof getOrderEnv> = { ORDERS_TABLE: orders.tableName };
    const getOrder = new ServiceFunction(this, 'GetOrder', {
      ...this.common(),
      handler: 'order/get-order',
      environment,
      timeout: Duration.seconds(29), // it may wait up to 20 seconds for a version
      concurrency: 100,
    });
    orders.allowForTenant(getOrder, 'dynamodb:Query');
    this.props.subjectKeys.allowOpenForTenant(getOrder);
    return getOrder;
  }

  private describeOrderFunction(): ServiceFunction {
    const { config, encryptionKey, orders } = this.props;
    const environment: EnvFor<typeof describeOrderEnv> = { ORDERS_TABLE: orders.tableName };
    const handler = 'order/describe-order';
    const describeOrder = new ServiceFunction(this, 'TellServices', { config, encryptionKey, handler, environment });
    orders.allow(describeOrder, 'dynamodb:Query');
    return describeOrder;
  }

  private findPersonalOrdersFunction(): ServiceFunction {
    const { config, encryptionKey, orders, subjectKeys } = this.props;
    const environment: EnvFor<typeof findPersonalOrdersEnv> = { ORDERS_TABLE: orders.tableName };
    const handler = 'order/find-personal-orders';
    const find = new ServiceFunction(this, 'FindPersonalOrders', { config, encryptionKey, handler, environment });
    orders.allow(find, 'dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:UpdateItem');
    orders.allowQuery(find, 'byCustomer');
    orders.allowQuery(find, 'byContact');
    subjectKeys.allowSeal(find); // a proof hashes an address, also in a shop of which nothing was sealed yet
    return find;
  }

  private healthFunction(): ServiceFunction {
    const { messaging, build, orders, products } = this.props;
    const environment: EnvFor<typeof healthEnv> = {
      ORDERS_TABLE: orders.tableName,
      PRODUCTS_TABLE: products.tableName,
      TOPIC_ARN: messaging.orderEvents.topicArn,
      BUILD: build,
    };
    const health = new ServiceFunction(this, 'Health', { ...this.common(), handler: 'order/health', environment });
    orders.allow(health, 'dynamodb:GetItem');
    products.allow(health, 'dynamodb:GetItem');
    Grant.addToPrincipal({
      grantee: health,
      actions: ['sns:GetTopicAttributes'],
      resourceArns: [messaging.orderEvents.topicArn],
    });
    return health;
  }
}

export interface OrderListsProps {
  readonly config: StageConfig;
  readonly middleware: RequestMiddleware;
  readonly subjectKeys: SubjectKeys;
  readonly orders: ServiceTable;
  readonly queryHandlers: QueryHandlers;
  readonly encryptionKey?: IKey | undefined;
}

/**
 * Adds the lists, changes and timeline of orders, which query the other services. They come after those: payments and
 * alerts query the order service themselves. Returns the function of each route.
 */
export const addOrderLists = (routes: OrderRoutes, props: OrderListsProps): RouteHandlers => {
  const { config, middleware, orders, queryHandlers, subjectKeys, encryptionKey } = props;
  const environment: EnvFor<typeof serveOrdersEnv> = {
    ORDERS_TABLE: orders.tableName,
    INVENTORY_FUNCTION: queryHandlers.inventory.functionName,
    BILLING_FUNCTION: queryHandlers.billing.functionName,
    NOTIFICATION_FUNCTION: queryHandlers.notification.functionName,
    ALERT_FUNCTION: queryHandlers.alert.functionName,
    PAYMENT_FUNCTION: queryHandlers.payment.functionName,
    ...timeoutsOf(config),
  };
  const handler = 'order/serve-orders';
  const serve = new ServiceFunction(routes, 'ServeOrders', { config, encryptionKey, middleware, handler, environment });
  middleware.allowCursors(serve);
  subjectKeys.allowOpenForTenant(serve);
  orders.allowForTenant(serve, 'dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:PutItem');
  orders.allowQueryForTenant(serve, 'byTenant');
  orders.allowQueryForTenant(serve, 'byCustomer');
  allowInvoke(serve, ...Object.values(queryHandlers));
  return { listOrders: serve, updateOrderStatus: serve, cancelOrder: serve, getOrderTimeline: serve };
};
