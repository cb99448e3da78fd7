import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CatalogEvent } from '../lambda/contracts/events/catalog-events';
import type { TenantEvent } from '../lambda/contracts/events/tenant-events';
import type { EnvFor } from '../lambda/kernel/env';
import type { projectShopDataEnv } from '../lambda/order/env';
import type { StageConfig } from './config';
import { QueueConsumer } from './constructs/queue-consumer';
import { ServiceFunction } from './constructs/service-function';
import type { Messaging } from './messaging';
import type { OrderService } from './order';

export interface ShopProjectionProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly encryptionKey?: IKey | undefined;
}

const catalog: readonly CatalogEvent['type'][] = ['ProductCreated.v1', 'ProductUpdated.v1', 'ProductDiscontinued.v1'];
const tenants: readonly TenantEvent['type'][] = [
  'TenantCreated.v1',
  'TenantUpdated.v1',
  'StorefrontKeyCreated.v1',
  'StorefrontKeyDeleted.v1',
];

/** Adds the order service's projection of the catalog and of the tenants. */
export const addShopProjection = (order: OrderService, props: ShopProjectionProps): void => {
  const { config, messaging, encryptionKey } = props;
  const { orders, products } = order;
  const environment: EnvFor<typeof projectShopDataEnv> = {
    ORDERS_TABLE: orders.tableName,
    PRODUCTS_TABLE: products.tableName,
    DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
  };
  const project = new ServiceFunction(order, 'KeepCopies', {
    config,
    encryptionKey,
    handler: 'order/project-shop',
    environment,
    timeout: config.consumerTimeout,
  });
  orders.allow(project, 'dynamodb:PutItem');
  products.allow(project, 'dynamodb:PutItem');
  new QueueConsumer<(CatalogEvent | TenantEvent)['type']>(order, 'Copies', {
    queueName: 'order-copy-queue',
    topic: messaging.catalogEvents,
    eventTypes: catalog,
    alsoFrom: [{ topic: messaging.tenantEvents, eventTypes: tenants }],
    deadLetterQueue: messaging.deadLetterQueue,
    handler: project,
    encryptionKey,
  });
};
