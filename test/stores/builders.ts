import { randomUUID } from 'node:crypto';
import type { Bill, Receipt } from '../../lambda/billing/bill';
import { unsealed } from '../../lambda/contracts/values/sealed';
import type { StockRequest } from '../../lambda/inventory/reservations/reservation';
import type { StockItem } from '../../lambda/inventory/stock/stock-item';
import { type Tenant, trustedTenant } from '../../lambda/kernel/tenant';
import type { Notification } from '../../lambda/notification/mail';
import type { Order } from '../../lambda/order/domain/order';
import { placedOrder } from '../support/orders';

/** A tenant that no other test has. */
export const freshTenant = (): Tenant => trustedTenant(`t-${randomUUID().slice(0, 8)}`);

export const anOrder = (tenant: Tenant, orderId: string, given: Partial<Order> = {}): Order =>
  placedOrder({ tenant, orderId, trackingTokenHash: `hash-of-${orderId}`, fact: { type: 'OrderPlaced' }, ...given });

export const aWanted = (tenant: Tenant, orderId: string, lines: Readonly<Record<string, number>>): StockRequest => ({
  tenant,
  orderId,
  lines: Object.entries(lines).map(([productId, quantity]) => ({ productId, quantity, name: `ordered ${productId}` })),
  cause: { correlationId: 'correlation-1', causationId: `${tenant}/${orderId}:1` },
});

/** The stock of a new product: there is none yet. */
export const aStockItem = (tenant: Tenant, productId: string, given: Partial<StockItem> = {}): StockItem => ({
  tenant,
  productId,
  productName: `product ${productId}`,
  productVersion: 1,
  discontinued: false,
  stock: 0,
  reservedQuantity: 0,
  reservedByHand: 0,
  warehouseCode: 'MAIN',
  version: 1,
  updatedAt: '2026-11-21T08:00:00.000Z',
  ...given,
});

export const aNotification = (tenant: Tenant, notificationId: string, messageId = 'ses-1'): Notification => ({
  tenant,
  notificationId,
  createdAt: '2026-11-21T08:00:00.000Z',
  orderId: 'ORD-000001',
  channel: 'email',
  kind: 'order-confirmation',
  recipient: unsealed('taro@example.com'),
  status: 'sent',
  sentAt: '2026-11-21T08:00:01.000Z',
  messageId,
});

export const aBill = (tenant: Tenant, orderId: string, given: Partial<Bill> = {}): Bill => ({
  tenant,
  billingId: `BILL-${orderId}`,
  orderId,
  status: 'pending',
  currency: 'JPY',
  items: [{ productId: 'PROD-002', name: 'ワイヤレスマウス', quantity: 2, unitPrice: 3000, subtotal: 6000 }],
  subtotal: 6000,
  tax: 600,
  amount: 6600,
  createdAt: '2026-11-21T08:00:00.000Z',
  updatedAt: '2026-11-21T08:00:00.000Z',
  version: 1,
  ...given,
});

/** The payment of that bill. */
export const aReceipt = ({ tenant, billingId, orderId }: Bill, given: Partial<Receipt> = {}): Receipt => ({
  tenant,
  billingId,
  orderId,
  paymentId: `PAY-${orderId}`,
  amount: 6600,
  currency: 'JPY',
  paidAt: '2026-11-21T08:05:00.000Z',
  ...given,
});
