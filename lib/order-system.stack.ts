import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { Api } from './api';
import { BillingService } from './billing';
import { removalPolicy, type StageConfig } from './config';
import { InventoryService } from './inventory';
import { Messaging } from './messaging';
import { NotificationService } from './notification';
import { OrderService } from './order';

export interface OrderSystemStackProps extends StackProps {
  readonly config: StageConfig;
  /** Names what is deployed, for `GET /health`. */
  readonly build: string;
}

/** customer → API → order → relay → order-events → inventory, notification, billing; inventory answers the order. */
export class OrderSystemStack extends Stack {
  constructor(scope: Construct, id: string, { config, build, ...props }: OrderSystemStackProps) {
    super(scope, id, props);
    const key = config.ownKey
      ? { encryptionKey: new Key(this, 'Key', { enableKeyRotation: true, removalPolicy: removalPolicy(config) }) }
      : {};
    const messaging = new Messaging(this, 'Messaging', key);
    const order = new OrderService(this, 'Order', { config, messaging, build, ...key });
    new InventoryService(this, 'Inventory', { config, messaging, ...key });
    new NotificationService(this, 'Notification', { config, messaging, ...key });
    new BillingService(this, 'Billing', { config, messaging, ...key });
    const { api } = new Api(this, 'Api', { config, ...order });
    new CfnOutput(this, 'ApiUrl', { value: api.url });
  }
}
