import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { AlertService } from './alert';
import { Api } from './api';
import type { RouteHandlers } from './api-routes';
import { EventArchive } from './archive';
import { BillingService } from './billing';
import { BrowserSession } from './browser-session';
import { CatalogService } from './catalog';
import type { StageConfig } from './config';
import { DataKey } from './constructs/data-key';
import { RequestMiddleware } from './constructs/request-middleware';
import type { ServiceFunction } from './constructs/service-function';
import { SubjectKeys } from './constructs/subject-keys';
import { IdentityService } from './identity';
import { addPeople } from './identity-routes';
import { InventoryService } from './inventory';
import { addLive, type LiveService } from './live';
import { Manual } from './manual';
import { Messaging } from './messaging';
import { Monitoring } from './monitoring';
import { keyAliases, stackNameOf } from './names';
import { NotificationService } from './notification';
import { OrderService } from './order';
import { addOrderLists } from './order-routes';
import { PaymentService } from './payment';
import { PrivacyService } from './privacy';
import { ReturnService } from './return';
import { addShopProjection } from './shop-projection';
import { addStockKeeping } from './stock-keeping';

export interface OrderSystemStackProps extends StackProps {
  readonly config: StageConfig;
  /** The deployed build, shown by `GET /health`. */
  readonly build: string;
}

/** The props of every service. */
type Common = {
  readonly config: StageConfig;
  readonly encryptionKey: IKey | undefined;
  readonly messaging: Messaging;
  readonly middleware: RequestMiddleware;
  readonly subjectKeys: SubjectKeys;
};

type Core = ReturnType<typeof fanOutCore>;

/** The parts that the API and the monitoring need: routes, sweeps, the browser proxy and the live service. */
type Shop = {
  readonly handlers: RouteHandlers;
  readonly sweeps: readonly ServiceFunction[];
  readonly proxy?: ServiceFunction;
  readonly live?: LiveService | undefined;
};

/** customer → API → order → relay → order-events → inventory, notification, billing; inventory → order. */
const fanOutCore = (stack: Stack, common: Common, build: string) => {
  const identity = new IdentityService(stack, 'Identity', common);
  const inventory = new InventoryService(stack, 'Inventory', common);
  const notification = new NotificationService(stack, 'Notification', common);
  const billing = new BillingService(stack, 'Billing', common);
  const { authorizer } = identity;
  const order = new OrderService(stack, 'Order', {
    ...common,
    build,
    authorizer,
    inventory: inventory.describeReservation,
  });
  return { identity, inventory, notification, billing, order, authorizer };
};

type Erasing = Pick<Core, 'identity' | 'order'> & {
  readonly findOpenReturns: ServiceFunction;
  readonly handlers: RouteHandlers;
};

/** Adds erasures and exports, which ask all services that know a person. */
const addPrivacy = (stack: Stack, common: Common, { identity, order, findOpenReturns, handlers }: Erasing) => {
  const { describeUser, eraseUser } = identity;
  const { findPersonalOrders } = order;
  const queries = { describeUser, eraseUser, findPersonalOrders, findOpenReturns };
  return new PrivacyService(stack, 'Privacy', { ...common, ...queries, handlers });
};

/** Adds people, catalog, stock, payments, returns, alerts, live status, archive and pages. */
const shopAround = (stack: Stack, common: Common, core: Core): Shop => {
  const { identity, inventory, notification, billing, order, authorizer } = core;
  const { describeOrder } = order;
  const payment = new PaymentService(stack, 'Payment', {
    ...common,
    describeOrder,
    describeUser: identity.describeUser,
  });
  const owners = { order: describeOrder, payment: payment.describePayment };
  const alert = new AlertService(stack, 'Alert', { ...common, owners });
  const queryHandlers = {
    inventory: inventory.describeReservation,
    billing: billing.describeBill,
    notification: notification.describeMails,
    alert: alert.describeAlerts,
    payment: payment.describePayment,
  };
  addShopProjection(order, common);
  const live = addLive(stack, { ...common, authorizer, describeOrder });
  new EventArchive(stack, 'Archive', common);
  const returns = new ReturnService(stack, 'Return', common);
  const services = {
    ...order.handlers,
    ...addOrderLists(order.routes, { ...common, orders: order.orders, queryHandlers }),
    ...addStockKeeping(inventory, common),
    ...new CatalogService(stack, 'Catalog', common).handlers,
    ...payment.handlers,
    ...returns.handlers,
    ...alert.handlers,
    ...addPeople(identity, common),
    ...new Manual(stack, 'Manual', common).handlers,
  };
  const { findOpenReturns } = returns;
  const privacy = addPrivacy(stack, common, { identity, order, findOpenReturns, handlers: services });
  const operations = { ...services, ...privacy.routeHandlers };
  const session = new BrowserSession(stack, 'Session', { ...common, identity, handlers: operations });
  const handlers = { ...operations, ...session.handlers };
  return { handlers, sweeps: [order.sweep, payment.poll, alert.sweep, privacy.sweep], proxy: session.proxy, live };
};

/** The order system: the fan-out core, and all other services unless `-c services=core`. */
export class OrderSystemStack extends Stack {
  constructor(scope: Construct, id: string, { config, build, ...props }: OrderSystemStackProps) {
    super(scope, id, {
      ...props,
      stackName: stackNameOf(config.stage, id),
      terminationProtection: config.keepData,
      suppressTemplateIndentation: true, // a third of a large template is blanks, and emulators limit its size
    });
    const encryptionKey = config.ownKeys ? new DataKey(this, 'Key', { config, alias: keyAliases.data }) : undefined;
    const messaging = new Messaging(this, 'Messaging', { config, encryptionKey });
    const middleware = new RequestMiddleware(this, 'Edge', { config, encryptionKey });
    const subjectKeys = new SubjectKeys(this, 'SubjectKeys', { config, encryptionKey });
    const common = { config, encryptionKey, messaging, middleware, subjectKeys };
    const core = fanOutCore(this, common, build);
    const { order, authorizer } = core;
    const shop: Shop =
      config.services === 'core' ? { handlers: order.handlers, sweeps: [order.sweep] } : shopAround(this, common, core);
    const { handlers, proxy, live, sweeps } = shop;
    const { api, url } = new Api(this, 'Api', { ...common, authorizer, handlers, proxy, otherStage: live?.api.stage });
    if (config.guarded) new Monitoring(this, 'Monitoring', { config, messaging, api, sweeps });
    new CfnOutput(this, 'ApiUrl', { value: url });
    new CfnOutput(this, 'Stage', { value: config.stage });
  }
}
