import {
  AlertsDescribed,
  BillDescribed,
  type DescribeAlerts,
  type DescribeBill,
  type DescribeMails,
  type DescribePayment,
  type DescribeReservation,
  MailsDescribed,
  PaymentDescribed,
  ReservationDescribed,
} from '../../contracts/calls/service-calls';
import type { Invoke } from '../../kernel/aws/signed-request';
import { asError } from '../../kernel/error';
import { logger } from '../../kernel/logger';
import type { Order } from '../domain/order';
import { newestRefunds, type ServiceResponses } from './timeline';

export type TimelineService = keyof ServiceResponses;

type Query = DescribeReservation | DescribeBill | DescribeMails | DescribeAlerts | DescribePayment;

const queriesFor = ({ tenant: tenantId, orderId, history }: Order): Record<TimelineService, Query> => ({
  inventory: { ask: 'describe-reservation', tenantId, orderId },
  billing: { ask: 'describe-bill', tenantId, orderId },
  notification: { ask: 'describe-mails', tenantId, orderId, versions: history.slice(0, 100).map(({ at }) => at) },
  alert: { ask: 'describe-alerts', tenantId, orderId },
  payment: { ask: 'describe-payment', tenantId, orderId },
});

const responseSchemas = {
  inventory: ReservationDescribed,
  billing: BillDescribed,
  notification: MailsDescribed,
  alert: AlertsDescribed,
  payment: PaymentDescribed,
} as const;

/** Returns the e-mails about the refunds that the timeline shows. The payment service knows the refund IDs. */
const queryRefundMails = async (
  invoke: Invoke,
  order: Order,
  { payment }: ServiceResponses,
): Promise<MailsDescribed['mails']> => {
  const refundIds = newestRefunds(payment?.payment ?? {}).shown.map(({ refundId }) => refundId);
  if (refundIds.length === 0) return [];
  const { notification } = queriesFor(order);
  const { mails } = MailsDescribed.parse(await invoke({ ...notification, refundIds }));
  return mails.filter(({ refundId }) => refundId !== undefined);
};

/** Queries all services about an order concurrently. Names each service that fails in `unavailable`. */
export const timelineGateway =
  (services: Readonly<Record<TimelineService, Invoke>>) =>
  async (order: Order): Promise<{ responses: ServiceResponses; unavailable: string[] }> => {
    const queries = queriesFor(order);
    const unavailable = new Set<string>();
    const tryTo = async <Answer>(
      service: TimelineService,
      query: () => Promise<Answer>,
    ): Promise<Answer | undefined> => {
      try {
        return await query();
      } catch (thrown) {
        logger.error('timeline query failed; the timeline omits this service', {
          service,
          orderId: order.orderId,
          error: asError(thrown),
        });
        unavailable.add(service);
        return undefined;
      }
    };
    const query = async (service: TimelineService) => {
      const invoke = () => services[service](queries[service]);
      return [service, await tryTo(service, async () => responseSchemas[service].parse(await invoke()))] as const;
    };
    const entries = await Promise.all((Object.keys(services) as TimelineService[]).map(query));
    const responses = Object.fromEntries(entries) as ServiceResponses;
    const refunds = await tryTo('notification', () => queryRefundMails(services.notification, order, responses));
    const mails = [...(responses.notification?.mails ?? []), ...(refunds ?? [])];
    return { responses: { ...responses, notification: { mails } }, unavailable: [...unavailable] };
  };

export type QueryServices = ReturnType<typeof timelineGateway>;
