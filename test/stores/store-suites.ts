import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { alertHistoryStore } from '../../lambda/alert/history/alert-history.store';
import { orderPaymentStore } from '../../lambda/alert/payments/payment-state.store';
import { billStore } from '../../lambda/billing/bill.store';
import { categoryStore } from '../../lambda/catalog/categories/category.store';
import { productStore } from '../../lambda/catalog/products/product.store';
import { sessionStore } from '../../lambda/identity/sessions/session.store';
import { tenantStore } from '../../lambda/identity/tenants/tenant.store';
import { userStore } from '../../lambda/identity/users/user.store';
import { auditStore } from '../../lambda/inventory/audit/audit.store';
import { ledgerStore } from '../../lambda/inventory/stock/ledger.store';
import { stockStore } from '../../lambda/inventory/stock/stock.store';
import { type Tenant, tenantKey } from '../../lambda/kernel/tenant';
import { connectionStore } from '../../lambda/live/connection.store';
import { notificationStore } from '../../lambda/notification/notification.store';
import { orderListStore } from '../../lambda/order/lists/order-list.store';
import { orderStore } from '../../lambda/order/order.store';
import { accountStore } from '../../lambda/payment/accounts/account.store';
import { paymentStore } from '../../lambda/payment/payment.store';
import { returnStore } from '../../lambda/return/return.store';
import { fixedKeys } from '../support/key-ring';
import { accountStoreContract } from './account-store.contract';
import { alertHistoryStoreContract, orderPaymentStoreContract } from './alert-stores.contract';
import { auditStoreContract } from './audit-store.contract';
import { catalogStoreContract } from './catalog-store.contract';
import { connectionStoreContract } from './connection-store.contract';
import { billStoreContract, notificationStoreContract } from './effect-store.contract';
import { ledgerStoreContract } from './ledger-store.contract';
import { orderListContract } from './order-list.contract';
import { orderStoreContract } from './order-store.contract';
import { paymentStoreContract } from './payment-store.contract';
import { projectionStoreContract } from './projection-store.contract';
import { returnStoreContract } from './return-store.contract';
import { sessionStoreContract } from './session-store.contract';
import { stockStoreContract } from './stock-store.contract';
import { tenantStoreContract } from './tenant-store.contract';
import { userStoreContract } from './user-store.contract';

/** Where the stores keep their rows. */
export type Site = {
  readonly db: DynamoDBDocumentClient;
  /** The table that takes the place of the deployed one of this name. */
  readonly table: (name: string) => string;
  /** Ends when every index has what its table has. */
  readonly settled: () => Promise<void>;
};

type Row = Record<string, unknown>;

const stockSuites = (where: string, { db, table }: Site) => {
  const [inventory, reservations, movements] = [table('inventory'), table('reservations'), table('stock-movements')];
  const clock = { now: () => new Date() };

  const put = (tenant: Tenant, productId: string, stock: number, reservedQuantity: number) => {
    const product = { productName: `product ${productId}`, warehouseCode: 'W-1', version: 1 };
    const Item = { productId: tenantKey(tenant, productId), stock, reservedQuantity, ...product };
    return db.send(new PutCommand({ TableName: inventory, Item }));
  };

  stockStoreContract(where, () => ({
    store: stockStore({ inventory, reservations }, db, clock),
    seed: async (tenant, stock, reserved = 0) => {
      for (const [productId, quantity] of Object.entries(stock)) await put(tenant, productId, quantity, reserved);
    },
    forget: (tenant, productId) =>
      db.send(new DeleteCommand({ TableName: inventory, Key: { productId: tenantKey(tenant, productId) } })),
    stockOf: async (tenant, productId) => {
      const Key = { productId: tenantKey(tenant, productId) };
      const { Item } = await db.send(new GetCommand({ TableName: inventory, Key, ConsistentRead: true }));
      return { stock: Item?.stock, reservedQuantity: Item?.reservedQuantity };
    },
  }));

  const ledger = {
    store: ledgerStore({ inventory, movements }, db),
    stock: stockStore({ inventory, reservations }, db, clock),
    audit: auditStore({ inventory, reservations, movements }, db),
  };
  ledgerStoreContract(where, () => ledger);
  auditStoreContract(where, () => ledger);
};

const effectSuites = (where: string, { db, table }: Site) => {
  const [notifications, billing] = [table('notifications'), table('billing')];
  const read = async (TableName: string, Key: Row) => {
    const { Item } = await db.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item as never;
  };

  notificationStoreContract(where, () => ({
    store: notificationStore(notifications, db),
    read: ({ tenant, notificationId, createdAt }) =>
      read(notifications, { notificationId: tenantKey(tenant, notificationId), createdAt }),
  }));

  billStoreContract(where, () => ({
    store: billStore(billing, db),
    read: ({ tenant, billingId, orderId }) =>
      read(billing, { billingId: tenantKey(tenant, billingId), orderId: tenantKey(tenant, orderId) }),
  }));
};

const orderSuites = (where: string, { db, table, settled }: Site) => {
  const [orders, returns] = [table('orders'), table('returns')];
  orderStoreContract(where, () => ({ store: orderStore(orders, db), settled }));
  orderListContract(where, () => ({ store: orderStore(orders, db), lists: orderListStore(orders, db), settled }));
  projectionStoreContract(where, db, { orders, products: table('order-products') });
  returnStoreContract(where, () => ({ store: returnStore(returns, db), settled }));
};

const paymentSuites = (where: string, { db, table, settled }: Site) => {
  const [payments, accounts] = [table('payments'), table('accounts')];
  const [states, alerts] = [table('order-payment-store'), table('sys-pay-alert')];
  paymentStoreContract(where, () => ({ store: paymentStore(payments, db), settled }));
  accountStoreContract(where, () => accountStore(accounts, db));
  orderPaymentStoreContract(where, () => ({ store: orderPaymentStore(states, db), settled }));
  alertHistoryStoreContract(where, () => ({ store: alertHistoryStore(alerts, db), settled }));
};

const catalogSuites = (where: string, { db, table, settled }: Site) => {
  const [products, categories] = [table('products'), table('categories')];
  catalogStoreContract(where, () => ({
    products: productStore({ products, categories }, db),
    categories: categoryStore(categories, db),
    settled,
  }));
};

const peopleSuites = (where: string, { db, table }: Site) => {
  const [users, tenants] = [table('users'), table('tenants')];
  userStoreContract(where, () => userStore(users, db, fixedKeys));
  tenantStoreContract(where, () => tenantStore(tenants, db));
  sessionStoreContract(where, sessionStore(table('sessions'), db));
  connectionStoreContract(where, connectionStore(table('live-connections'), db));
};

/** What every store promises, over the tables of `site`. */
export const storeSuites = (where: string, site: Site): void => {
  orderSuites(where, site);
  stockSuites(where, site);
  effectSuites(where, site);
  paymentSuites(where, site);
  catalogSuites(where, site);
  peopleSuites(where, site);
};
