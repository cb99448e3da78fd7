import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AlertService } from './alert';
import { Api } from './api';
import { EventArchive } from './archive';
import { BillingService } from './billing';
import { BrowserSession } from './browser-session';
import { CatalogService } from './catalog';
import type { StageConfig } from './config';
import { DataKey } from './constructs/data-key';
import { RequestEdge } from './constructs/request-edge';
import { IdentityService } from './identity';
import { InventoryService } from './inventory';
import { addLive } from './live';
import { Manual } from './manual';
import { Messaging } from './messaging';
import { Monitoring } from './monitoring';
import { NotificationService } from './notification';
import { OrderService } from './order';
import { PaymentService } from './payment';
import { ReturnService } from './return';

export interface OrderSystemStackProps extends StackProps {
  readonly config: StageConfig;
  /** Names what is deployed, for `GET /health`. */
  readonly build: string;
}

/** customer → API → order → relay → order-events → inventory, notification, billing; inventory answers the order. */
export class OrderSystemStack extends Stack {
  constructor(scope: Construct, id: string, { config, build, ...props }: OrderSystemStackProps) {
    super(scope, id, props);
    const encryptionKey = config.ownKeys ? new DataKey(this, 'Key', config) : undefined;
    const messaging = new Messaging(this, 'Messaging', { config, encryptionKey });
    const edge = new RequestEdge(this, 'Edge', { config, encryptionKey });
    const common = { config, encryptionKey, messaging, edge };
    const identity = new IdentityService(this, 'Identity', common);
    const inventory = new InventoryService(this, 'Inventory', common);
    const alert = new AlertService(this, 'Alert', common);
    const notification = new NotificationService(this, 'Notification', common);
    const billing = new BillingService(this, 'Billing', common);
    const tellers = {
      inventory: inventory.tellOrder,
      billing: billing.tellOrder,
      notification: notification.tellOrder,
      alert: alert.tellOrder,
    };
    const { authorizer } = identity;
    const order = new OrderService(this, 'Order', { ...common, build, authorizer, tellers });
    alert.askOrders(order.tellServices);
    const live = addLive(this, { ...common, authorizer, tellServices: order.tellServices });
    const payment = new PaymentService(this, 'Payment', { ...common, tellServices: order.tellServices });
    order.askPayments(payment.tellOrder);
    const manual = new Manual(this, 'Manual', { config, encryptionKey });
    const returns = new ReturnService(this, 'Return', common);
    const catalog = new CatalogService(this, 'Catalog', common);
    new EventArchive(this, 'Archive', common);
    const operations = {
      ...order.handlers,
      ...inventory.handlers,
      ...catalog.handlers,
      ...payment.handlers,
      ...returns.handlers,
      ...alert.handlers,
      ...identity.handlers,
      ...manual.handlers,
    };
    const session = new BrowserSession(this, 'Session', { ...common, identity, handlers: operations });
    const handlers = { ...operations, ...session.handlers };
    const { api, url } = new Api(this, 'Api', { config, encryptionKey, authorizer, handlers, proxy: session.proxy });
    live?.api.logAfter(api.node.findChild('Account'));
    new Monitoring(this, 'Monitoring', { config, messaging, api, sweeps: [order.sweep, payment.poll, alert.sweep] });
    new CfnOutput(this, 'ApiUrl', { value: url });
  }
}
