import { type AlertsDescribed, DescribeAlerts } from '../contracts/service-calls';
import { trustedTenant } from '../kernel/tenant';
import type { Alert } from './alert';
import type { AlertStore } from './alert.store';

const describe = ({ type, state, error, count, firstAt, lastAt, resolvedAt, fact }: Alert) => ({
  type,
  state,
  error,
  count,
  firstAt,
  lastAt,
  resolvedAt,
  causationId: fact.causationId,
});

/** Answers the order service which alerts there were about one of its orders. */
export const tellOrder =
  (alerts: Pick<AlertStore, 'get'>) =>
  async (asked: unknown): Promise<AlertsDescribed> => {
    const { tenantId, orderId } = DescribeAlerts.parse(asked);
    const key = { tenant: trustedTenant(tenantId), type: 'inventory_reservation_failed', subject: orderId } as const;
    const alert = await alerts.get(key);
    return { alerts: alert === undefined || alert.count === 0 ? [] : [describe(alert)] };
  };
