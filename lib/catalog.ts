import { Duration } from 'aws-cdk-lib';
import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { projectShopEnv, serveCatalogEnv } from '../lambda/catalog/env';
import type { ProductRestocked, ProductSoldOut } from '../lambda/contracts/events/inventory-events';
import type { OrderPlaced } from '../lambda/contracts/events/order-events';
import type { EnvFor } from '../lambda/kernel/env';
import type { RouteHandlers } from './api-routes';
import type { StageConfig } from './config';
import { QueueConsumer } from './constructs/queue-consumer';
import type { RequestMiddleware } from './constructs/request-middleware';
import { ServiceBucket } from './constructs/service-bucket';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import { StreamRelay } from './constructs/stream-relay';
import type { Messaging } from './messaging';

export interface CatalogServiceProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly middleware: RequestMiddleware;
  readonly encryptionKey?: IKey | undefined;
}

const string = AttributeType.STRING;

/** Stores the shop's products, publishes their changes, and takes sold-out products off sale. */
export class CatalogService extends Construct {
  readonly products: ServiceTable;
  readonly categories: ServiceTable;
  readonly images: ServiceBucket;
  readonly serveCatalog: ServiceFunction;
  readonly projectShop: ServiceFunction;
  readonly relay: StreamRelay;
  readonly consumer: QueueConsumer<(ProductSoldOut | ProductRestocked | OrderPlaced)['type']>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: CatalogServiceProps,
  ) {
    super(scope, id);
    const { messaging, config, encryptionKey } = props;
    this.products = this.productsTable();
    this.categories = this.categoriesTable();
    this.images = new ServiceBucket(this, 'Images', {
      config,
      encryptionKey,
      lifecycleRules: [{ prefix: 'uploads/', expiration: Duration.days(1) }], // uploads that were never attached
    });
    this.serveCatalog = this.serveCatalogFunction();
    this.projectShop = this.projectShopFunction();
    this.consumer = new QueueConsumer(this, 'Consumer', {
      queueName: 'catalog-stock-queue',
      topic: messaging.inventoryEvents,
      eventTypes: ['ProductSoldOut.v1', 'ProductRestocked.v1'],
      alsoFrom: [{ topic: messaging.orderEvents, eventTypes: ['OrderPlaced.v2'] }],
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.projectShop,
      encryptionKey,
    });
    this.relay = new StreamRelay(this, 'Relay', {
      config,
      encryptionKey,
      handler: 'catalog/relay-catalog-events',
      table: this.products,
      topic: messaging.catalogEvents,
      deadLetterQueueName: 'catalog-relay-dlq',
    });
  }

  /** The function of each route. */
  get handlers(): RouteHandlers {
    const { serveCatalog } = this;
    return {
      createProduct: serveCatalog,
      listProducts: serveCatalog,
      importProducts: serveCatalog,
      getProduct: serveCatalog,
      updateProduct: serveCatalog,
      deleteProduct: serveCatalog,
      createProductImage: serveCatalog,
      attachProductImage: serveCatalog,
      deleteProductImage: serveCatalog,
      createCategory: serveCatalog,
      listCategories: serveCatalog,
      getCategory: serveCatalog,
      updateCategory: serveCatalog,
      deleteCategory: serveCatalog,
    };
  }

  private common() {
    const { config, encryptionKey } = this.props;
    return { config, encryptionKey };
  }

  private productsTable(): ServiceTable {
    const products = new ServiceTable(this, 'Products', {
      ...this.common(),
      tableName: 'products',
      partitionKey: { name: 'productId', type: string },
      relayed: true,
    });
    products.addGlobalSecondaryIndex({
      indexName: 'byList',
      partitionKey: { name: 'list', type: string },
      sortKey: { name: 'place', type: string },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    return products;
  }

  private categoriesTable(): ServiceTable {
    const categories = new ServiceTable(this, 'Categories', {
      ...this.common(),
      tableName: 'categories',
      partitionKey: { name: 'categoryId', type: string },
    });
    categories.addGlobalSecondaryIndex({
      indexName: 'byList',
      partitionKey: { name: 'list', type: string },
      sortKey: { name: 'categoryId', type: string },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    return categories;
  }

  private tables() {
    return { PRODUCTS_TABLE: this.products.tableName, CATEGORIES_TABLE: this.categories.tableName };
  }

  private serveCatalogFunction(): ServiceFunction {
    const environment: EnvFor<typeof serveCatalogEnv> = {
      ...this.tables(),
      IMAGES_BUCKET: this.images.bucketName,
    };
    const serve = new ServiceFunction(this, 'ServeCatalog', {
      ...this.common(),
      handler: 'catalog/serve-catalog',
      environment,
      middleware: this.props.middleware,
    });
    this.props.middleware.allowCursors(serve);
    const write = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'] as const;
    for (const table of [this.products, this.categories]) {
      table.allowForTenant(serve, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', ...write);
      table.allowQueryForTenant(serve, 'byList');
    }
    this.images.allow(serve, 'uploads', 's3:PutObject', 's3:GetObject');
    this.images.allow(serve, 'images', 's3:PutObject', 's3:GetObject', 's3:DeleteObject');
    this.images.allowMissing(serve);
    return serve;
  }

  private projectShopFunction(): ServiceFunction {
    const { config, messaging } = this.props;
    const environment: EnvFor<typeof projectShopEnv> = {
      ...this.tables(),
      DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
    };
    const project = new ServiceFunction(this, 'FollowShop', {
      ...this.common(),
      handler: 'catalog/project-shop',
      environment,
      timeout: config.consumerTimeout,
    });
    this.products.allow(project, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    return project;
  }
}
