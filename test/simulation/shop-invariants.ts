import type { Product } from '../../lambda/catalog/products/product';
import { tenantKey } from '../../lambda/kernel/tenant';
import { defaultSettings } from '../../lambda/order/shop/tenant-settings';
import type { DeliveredOrder } from '../../lambda/return/return';
import { byStaff } from './merchants';
import { broken } from './promises';
import { settingsOf, type World } from './world';

/** Copies and alerts never go back to what is older. */
const versionWatcher = ({ copies, settings, alerts }: World) => {
  const seen = new Map<string, number>();
  const watch = (promise: string, key: string, version: number) => {
    if (version < (seen.get(key) ?? 0)) broken(promise, `what is known of ${key} went back to version ${version}`);
    seen.set(key, version);
  };
  return () => {
    for (const [key, { version }] of copies) watch('P12', key, version);
    for (const [key, { version }] of settings) watch('P12', key, version);
    for (const [key, { sourceVersion }] of alerts) watch('S4-29', key, sourceVersion);
  };
};

const returnedOf = ({ returns }: World, order: DeliveredOrder, productId: string) => {
  const sum = { claimed: 0, returned: 0 };
  for (const { tenant, orderId, status, lines } of returns.values()) {
    if (tenant !== order.tenant || orderId !== order.orderId || status === 'REJECTED') continue;
    const quantity = lines.find((line) => line.productId === productId)?.quantity ?? 0;
    sum.claimed += quantity;
    if (status === 'COMPLETED') sum.returned += quantity;
  }
  return sum;
};

const checkReturns = (world: World) => {
  for (const order of world.deliveredOrders.values()) {
    for (const { productId, quantity, claimed, returned } of order.lines) {
      const sum = returnedOf(world, order, productId);
      const says = `${order.orderId} says ${claimed} of ${quantity} ${productId} claimed, ${returned} returned`;
      if (sum.claimed > quantity) broken('S3-25', `${says}: ${sum.claimed} are`);
      if (sum.claimed !== claimed || sum.returned !== returned) {
        broken('S3-25', `${says}: its returns have ${sum.claimed} and ${sum.returned}`);
      }
    }
  }
};

/** Products that are on sale although nothing is there, since staff put them on sale after that. */
type Excused = ReadonlySet<string>;

/** What must hold of catalog, copies and returns, at every moment. */
export const shopWatcher = (world: World): { watch: () => void; excused: Excused } => {
  const versions = versionWatcher(world);
  const seen = new Map<string, Product>(world.products);
  const isSoldOut = (key: string) => world.stock.get(key)?.stock === 0;
  const excused = new Set([...seen.keys()].filter(isSoldOut));
  const watchRaised = (key: string, before: Product | undefined, { fact }: Product) => {
    const isByStaff = fact.correlationId === byStaff;
    if (isByStaff && isSoldOut(key)) excused.add(key);
    if (!isByStaff && before?.offSaleBy === 'staff') {
      broken('S1-28', `${key} is on sale again, and staff had taken it off`);
    }
  };
  const watchProduct = (key: string, product: Product) => {
    const before = seen.get(key);
    seen.set(key, product);
    if (!isSoldOut(key)) excused.delete(key);
    if (product.status && before?.status === false) watchRaised(key, before, product);
  };
  const watch = () => {
    versions();
    for (const [key, product] of world.products) watchProduct(key, product);
    checkReturns(world);
  };
  return { watch, excused };
};

const checkOnSale = ({ stock }: World, excused: Excused, [key, product]: readonly [string, Product]) => {
  const { status, offSaleBy } = product;
  const available = stock.get(key)?.stock ?? 0;
  if (status && available === 0 && !excused.has(key)) broken('S1-28', `${key} is on sale, and sold out`);
  if (!status && available > 0 && offSaleBy !== 'staff')
    broken('S1-28', `${key} is off sale, and ${available} are there`);
};

const checkCopies = ({ products, copies, stock }: World) => {
  for (const [key, { name, status }] of products) {
    const copy = copies.get(key);
    if (copy?.name !== name || copy.onSale !== status) broken('P12', `the copy of ${key} is not as the catalog is`);
    const row = stock.get(key);
    if (row?.productName !== name) broken('P12', `the stock of ${key} is named ${row?.productName}, not ${name}`);
  }
};

const checkSettings = (world: World) => {
  for (const [tenant, { status, backorders }] of world.tenants.accounts) {
    const copy = settingsOf(world, tenant) ?? defaultSettings;
    if (copy.status !== status || copy.backorders !== backorders) broken('P12', `the copy of ${tenant} is old`);
  }
};

const checkAlerts = ({ alerts, reservations }: World) => {
  for (const [key, { state, orderId }] of reservations) {
    const [tenant = ''] = key.split('#');
    const alert = alerts.get(`${tenant}#inventory_reservation_failed:${orderId}`);
    const isRaised = alert?.state === 'RAISED';
    if (isRaised !== (state === 'BACKORDERED')) broken('S4-29', `${orderId} is ${state}, its alert ${alert?.state}`);
  }
  for (const { tenant, type, subject, state, fact } of alerts.values()) {
    if (type === 'stock_discrepancy' && state === 'RAISED') broken('S4-29', `${subject} adds up, and has an alert`);
    if (!fact.causationId.startsWith(tenantKey(tenant, '').replace('#', '/')))
      broken('P8', `${subject} alerts ${tenant}`);
  }
};

/** What must hold of them once nothing goes on any more. */
export const checkShopAtTheEnd = (world: World, excused: Excused): void => {
  for (const entry of world.products) checkOnSale(world, excused, entry);
  checkCopies(world);
  checkSettings(world);
  checkAlerts(world);
};
