import { type AlertsDescribed, DescribeAlerts } from '../contracts/calls/service-calls';
import { PaymentAlertType } from '../contracts/events/alert-events';
import { type Tenant, trustedTenant } from '../kernel/tenant';
import type { OrderPayment } from './payments/payment-state';
import type { OrderPaymentStore } from './payments/payment-state.store';
import type { Alert } from './stock/alert';
import type { AlertStore } from './stock/alert.store';

export type DescribeAlertsDeps = {
  readonly alerts: Pick<AlertStore, 'get'>;
  readonly states: Pick<OrderPaymentStore, 'get'>;
};

type Described = AlertsDescribed['alerts'][number];

const describeStockAlert = (alert: Alert | undefined): Described[] => {
  if (alert === undefined || alert.count === 0) return [];
  const { type, state, error, count, firstAt, lastAt, resolvedAt, fact } = alert;
  return [{ type, state, error, count, firstAt, lastAt, resolvedAt, causationId: fact.causationId }];
};

const describePaymentAlerts = (known: OrderPayment | undefined): Described[] =>
  PaymentAlertType.options.flatMap((type) => {
    const alert = known?.alerts[type];
    if (known === undefined || alert === undefined) return [];
    const { state, error, count, firstAt, lastAt, resolvedAt } = alert;
    return [{ type, state, error, count, firstAt, lastAt, resolvedAt, causationId: known.cause.causationId }];
  });

const shortageOf = (tenant: Tenant, subject: string) =>
  ({ tenant, type: 'inventory_reservation_failed', subject }) as const;

/** Query handler of the order service: returns every alert that was raised about one of its orders. */
export const describeAlerts =
  ({ alerts, states }: DescribeAlertsDeps) =>
  async (query: unknown): Promise<AlertsDescribed> => {
    const { tenantId, orderId } = DescribeAlerts.parse(query);
    const tenant = trustedTenant(tenantId);
    const [shortage, known] = await Promise.all([
      alerts.get(shortageOf(tenant, orderId)),
      states.get({ tenant, orderId }),
    ]);
    return { alerts: [...describeStockAlert(shortage), ...describePaymentAlerts(known)] };
  };
