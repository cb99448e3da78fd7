import { Duration } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { EnvFor } from '../lambda/kernel/env';
import type { getOrderEnv, healthEnv, placeOrderEnv, serveOrdersEnv, tellServicesEnv } from '../lambda/order/env';
import type { RouteHandlers } from './api-routes';
import { removalPolicy, type StageConfig } from './config';
import { accept, notRotated } from './constructs/accept';
import type { RequestEdge } from './constructs/request-edge';
import { ServiceFunction } from './constructs/service-function';
import type { ServiceTable } from './constructs/service-table';
import { originsVariable } from './cors';
import type { Messaging } from './messaging';

/** The services that are asked at once what they know of an order, by their read functions. */
export type Tellers = Readonly<Record<'inventory' | 'billing' | 'notification' | 'alert', ServiceFunction>>;

export interface OrderRoutesProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly edge: RequestEdge;
  readonly build: string;
  /** Tells whom a token names. */
  readonly authorizer: ServiceFunction;
  readonly tellers: Tellers;
  readonly orders: ServiceTable;
  /** The order service's own copy of the catalog. */
  readonly products: ServiceTable;
  readonly patience: Readonly<Record<'ANSWER_SECONDS' | 'BACKORDER_SECONDS' | 'PAYMENT_SECONDS', string>>;
  readonly encryptionKey?: IKey | undefined;
}

const allowInvoke = (grantee: ServiceFunction, ...functions: readonly ServiceFunction[]) =>
  Grant.addToPrincipal({
    grantee,
    actions: ['lambda:InvokeFunction'],
    resourceArns: functions.map(({ functionArn }) => functionArn),
  });

/** The functions that answer the routes of orders, and what other services ask of them. */
export class OrderRoutes extends Construct {
  readonly placeOrder: ServiceFunction;
  readonly getOrder: ServiceFunction;
  readonly serveOrders: ServiceFunction;
  readonly health: ServiceFunction;
  /** Answers other services at once. */
  readonly tellServices: ServiceFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: OrderRoutesProps,
  ) {
    super(scope, id);
    this.placeOrder = this.placeOrderFunction();
    this.getOrder = this.getOrderFunction();
    this.serveOrders = this.serveOrdersFunction();
    this.health = this.healthFunction();
    this.tellServices = this.tellServicesFunction();
  }

  /** Lets the timeline ask the payment service. */
  askPayments(teller: ServiceFunction): void {
    this.serveOrders.addEnvironment('PAYMENT_FUNCTION', teller.functionName);
    allowInvoke(this.serveOrders, teller);
  }

  /** Which of them answers which route. */
  get handlers(): RouteHandlers {
    const { placeOrder, getOrder, serveOrders, health } = this;
    return {
      placeOrder,
      quickOrder: placeOrder,
      getOrder,
      listOrders: serveOrders,
      updateOrderStatus: serveOrders,
      cancelOrder: serveOrders,
      getOrderTimeline: serveOrders,
      health,
    };
  }

  private common() {
    const { config, encryptionKey, edge } = this.props;
    return { config, encryptionKey, edge };
  }

  private placeOrderFunction(): ServiceFunction {
    const { config, encryptionKey, authorizer, tellers, orders, products, patience } = this.props;
    const secret = new Secret(this, 'TrackingSecret', {
      description: 'Key of the tokens that let guests follow their orders',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: removalPolicy(config),
      encryptionKey,
    });
    accept(secret, notRotated, 'AwsSolutions-SMG4');
    const environment: EnvFor<typeof placeOrderEnv> = {
      ORDERS_TABLE: orders.tableName,
      PRODUCTS_TABLE: products.tableName,
      TRACKING_SECRET_ARN: secret.secretArn,
      AUTHORIZER_FUNCTION: authorizer.functionName,
      INVENTORY_FUNCTION: tellers.inventory.functionName,
      ...patience,
    };
    const placeOrder = new ServiceFunction(this, 'PlaceOrder', {
      ...this.common(),
      handler: 'order/place-order',
      environment,
      memorySize: 512, // one SDK call hits the CPU quota of 256 MB
    });
    orders.allow(placeOrder, 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query', 'dynamodb:GetItem');
    products.allow(placeOrder, 'dynamodb:BatchGetItem');
    secret.grantRead(placeOrder);
    allowInvoke(placeOrder, authorizer, tellers.inventory);
    return placeOrder;
  }

  private getOrderFunction(): ServiceFunction {
    const { orders } = this.props;
    const environment: EnvFor<typeof getOrderEnv> = { ORDERS_TABLE: orders.tableName };
    const getOrder = new ServiceFunction(this, 'GetOrder', {
      ...this.common(),
      handler: 'order/get-order',
      environment,
      timeout: Duration.seconds(29), // it may wait for a version for 20
    });
    orders.allowForTenant(getOrder, 'dynamodb:Query');
    return getOrder;
  }

  private serveOrdersFunction(): ServiceFunction {
    const { edge, orders, patience, tellers } = this.props;
    const environment: Omit<EnvFor<typeof serveOrdersEnv>, 'PAYMENT_FUNCTION'> = {
      ORDERS_TABLE: orders.tableName,
      INVENTORY_FUNCTION: tellers.inventory.functionName,
      BILLING_FUNCTION: tellers.billing.functionName,
      NOTIFICATION_FUNCTION: tellers.notification.functionName,
      ALERT_FUNCTION: tellers.alert.functionName,
      ...patience,
    };
    const serve = new ServiceFunction(this, 'ServeOrders', {
      ...this.common(),
      handler: 'order/serve-orders',
      environment,
    });
    edge.allowCursors(serve);
    orders.allowForTenant(serve, 'dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:PutItem');
    orders.allowQueryForTenant(serve, 'byTenant');
    orders.allowQueryForTenant(serve, 'byCustomer');
    allowInvoke(serve, ...Object.values(tellers));
    return serve;
  }

  private tellServicesFunction(): ServiceFunction {
    const { config, encryptionKey, orders } = this.props;
    const environment: EnvFor<typeof tellServicesEnv> = { ORDERS_TABLE: orders.tableName };
    const handler = 'order/tell-services';
    const tell = new ServiceFunction(this, 'TellServices', { config, encryptionKey, handler, environment });
    orders.allow(tell, 'dynamodb:Query');
    return tell;
  }

  private healthFunction(): ServiceFunction {
    const { config, encryptionKey, messaging, build, orders, products } = this.props;
    const environment: EnvFor<typeof healthEnv> = {
      CORS_ORIGINS: originsVariable(config),
      ORDERS_TABLE: orders.tableName,
      PRODUCTS_TABLE: products.tableName,
      TOPIC_ARN: messaging.orderEvents.topicArn,
      BUILD: build,
    };
    const health = new ServiceFunction(this, 'Health', { config, encryptionKey, handler: 'order/health', environment });
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
