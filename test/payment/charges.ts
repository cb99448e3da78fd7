import type { Charge } from '../../lambda/payment/providers/provider';
import { freshTenant } from '../stores/builders';

let orders = 0;

/** A charge that no other test has. */
export const aCharge = (given: Partial<Charge> = {}): Charge => {
  orders += 1;
  const orderId = `ORD-${String(orders).padStart(6, '0')}`;
  const tenant = freshTenant();
  return {
    tenant,
    orderId,
    paymentId: `PAY-${orderId}`,
    userId: 'ada',
    amount: 6600,
    currency: 'JPY',
    paymentMethod: 'CREDIT_CARD',
    key: `${tenant}#PAY-${orderId}`,
    expiresAt: '2026-11-21T08:30:00.000Z',
    ...given,
  };
};
