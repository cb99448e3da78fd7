import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { serveStockEnv } from '../lambda/inventory/env';
import type { EnvFor } from '../lambda/kernel/env';
import type { RouteHandlers } from './api-routes';
import type { StageConfig } from './config';
import type { RequestMiddleware } from './constructs/request-middleware';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import type { InventoryService } from './inventory';
import type { Messaging } from './messaging';
import { StockAudit } from './stock-audit';
import { StockCatalog } from './stock-catalog';
import { StockReturns } from './stock-returns';

export interface StockKeepingProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly middleware: RequestMiddleware;
  readonly encryptionKey?: IKey | undefined;
}

const serveStockFunction = (service: InventoryService, movements: ServiceTable, props: StockKeepingProps) => {
  const { config, middleware, encryptionKey } = props;
  const { inventory } = service;
  const environment: EnvFor<typeof serveStockEnv> = {
    INVENTORY_TABLE: inventory.tableName,
    MOVEMENTS_TABLE: movements.tableName,
  };
  const handler = 'inventory/serve-stock';
  const serve = new ServiceFunction(service, 'ServeStock', { config, encryptionKey, handler, environment, middleware });
  middleware.allowCursors(serve);
  inventory.allowForTenant(serve, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:UpdateItem');
  inventory.allowQueryForTenant(serve, 'byTenant');
  movements.allowForTenant(serve, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
  return serve;
};

/**
 * Adds the other sources of stock: the ledger of staff's movements, the catalog's products, returned goods and the
 * hourly audit. Returns the function of each route.
 */
export const addStockKeeping = (service: InventoryService, props: StockKeepingProps): RouteHandlers => {
  const { config, messaging, encryptionKey } = props;
  const common = { config, encryptionKey };
  const { inventory, reservations } = service;
  const movements = new ServiceTable(service, 'Movements', {
    ...common,
    tableName: 'stock-movements',
    partitionKey: { name: 'productId', type: AttributeType.STRING },
    sortKey: { name: 'movementId', type: AttributeType.STRING },
    timeToLiveAttribute: 'expiresAt', // only idempotency claims have it
  });
  new StockCatalog(service, 'Catalog', { ...common, inventory, messaging });
  new StockReturns(service, 'Returns', { ...common, inventory, movements, messaging });
  const topic = messaging.inventoryEvents;
  new StockAudit(service, 'Audit', { ...common, inventory, reservations, movements, topic });
  const serveStock = serveStockFunction(service, movements, props);
  return {
    listStock: serveStock,
    getStock: serveStock,
    updateStock: serveStock,
    deleteStock: serveStock,
    listStockMovements: serveStock,
  };
};
