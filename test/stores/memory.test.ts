import type { Bill } from '../../lambda/billing/bill';
import { tenantKey } from '../../lambda/kernel/tenant';
import type { Notification } from '../../lambda/notification/mail';
import { catalogStoreContract } from './catalog-store.contract';
import { billStoreContract, notificationStoreContract } from './effect-store.contract';
import { directly } from './io';
import { ledgerStoreContract } from './ledger-store.contract';
import { memoryAuditStore } from './memory-audit';
import { catalogTables, memoryCategoryStore, memoryProductStore } from './memory-catalog';
import { memoryBillStore, memoryNotificationStore } from './memory-effects';
import { memoryLedgerStore } from './memory-ledger';
import { memoryOrderListStore } from './memory-order-lists';
import { catchUp, memoryOrderStore, ordersTable } from './memory-orders';
import { memoryStockStore, stockTables } from './memory-stock';
import { orderListContract } from './order-list.contract';
import { orderStoreContract } from './order-store.contract';
import { stockStoreContract } from './stock-store.contract';

orderStoreContract('in memory', () => {
  const table = ordersTable();
  return { store: memoryOrderStore(table, directly), settled: async () => catchUp(table) };
});

orderListContract('in memory', () => {
  const table = ordersTable();
  const store = memoryOrderStore(table, directly);
  return { store, lists: memoryOrderListStore(table, directly), settled: async () => catchUp(table) };
});

stockStoreContract('in memory', () => {
  const tables = stockTables(() => new Date('2026-11-21T08:00:00.000Z'));
  return {
    store: memoryStockStore(tables, directly),
    seed: async (tenant, stock, reservedQuantity = 0) => {
      for (const [productId, quantity] of Object.entries(stock)) {
        const row = { productName: `product ${productId}`, stock: quantity, reservedQuantity };
        tables.products.set(tenantKey(tenant, productId), row);
      }
    },
    forget: async (tenant, productId) => tables.products.delete(tenantKey(tenant, productId)),
    stockOf: async (tenant, productId) => {
      const { stock = 0, reservedQuantity = 0 } = tables.products.get(tenantKey(tenant, productId)) ?? {};
      return { stock, reservedQuantity };
    },
  };
});

ledgerStoreContract('in memory', () => {
  const tables = stockTables(() => new Date('2026-11-21T08:00:00.000Z'));
  return {
    store: memoryLedgerStore(tables, directly),
    stock: memoryStockStore(tables, directly),
    audit: memoryAuditStore(tables),
  };
});

notificationStoreContract('in memory', () => {
  const table = new Map<string, Notification>();
  return {
    store: memoryNotificationStore(table, directly),
    read: async ({ tenant, notificationId, createdAt }) =>
      table.get(`${tenantKey(tenant, notificationId)}|${createdAt}`),
  };
});

billStoreContract('in memory', () => {
  const table = new Map<string, Bill>();
  return {
    store: memoryBillStore(table, directly),
    read: async ({ tenant, billingId, orderId }) => table.get(`${tenantKey(tenant, billingId)}|${orderId}`),
  };
});

catalogStoreContract('in memory', () => {
  const tables = catalogTables();
  return {
    products: memoryProductStore(tables),
    categories: memoryCategoryStore(tables),
    settled: async () => undefined,
  };
});
