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
} from '../../contracts/service-calls';
import type { Invoke } from '../../kernel/aws/signed-request';
import { asError } from '../../kernel/http/http';
import { logger } from '../../kernel/logger';
import type { Order } from '../domain/order';
import { type Known, newestRefunds } from './timeline';

export type KnowingService = keyof Known;

type Query = DescribeReservation | DescribeBill | DescribeMails | DescribeAlerts | DescribePayment;

const queriesAbout = ({ tenant: tenantId, orderId, history }: Order): Record<KnowingService, Query> => ({
  inventory: { ask: 'describe-reservation', tenantId, orderId },
  billing: { ask: 'describe-bill', tenantId, orderId },
  notification: { ask: 'describe-mails', tenantId, orderId, versions: history.slice(0, 100).map(({ at }) => at) },
  alert: { ask: 'describe-alerts', tenantId, orderId },
  payment: { ask: 'describe-payment', tenantId, orderId },
});

const answers = {
  inventory: ReservationDescribed,
  billing: BillDescribed,
  notification: MailsDescribed,
  alert: AlertsDescribed,
  payment: PaymentDescribed,
} as const;

/** The e-mails about the refunds that a timeline tells: which there are, the payment service knows. */
const askRefundMails = async (ask: Invoke, order: Order, { payment }: Known): Promise<MailsDescribed['mails']> => {
  const refundIds = newestRefunds(payment?.payment ?? {}).shown.map(({ refundId }) => refundId);
  if (refundIds.length === 0) return [];
  const { notification } = queriesAbout(order);
  const { mails } = MailsDescribed.parse(await ask({ ...notification, refundIds }));
  return mails.filter(({ refundId }) => refundId !== undefined);
};

/** Asks the other services what they know of an order, all at once. One that fails leaves its part out. */
export const timelineGateway =
  (services: Readonly<Record<KnowingService, Invoke>>) =>
  async (order: Order): Promise<{ known: Known; unavailable: string[] }> => {
    const queries = queriesAbout(order);
    const unavailable = new Set<string>();
    const tryTo = async <Answer>(service: KnowingService, ask: () => Promise<Answer>): Promise<Answer | undefined> => {
      try {
        return await ask();
      } catch (thrown) {
        logger.error('a service told nothing of an order', { service, orderId: order.orderId, error: asError(thrown) });
        unavailable.add(service);
        return undefined;
      }
    };
    const ask = async (service: KnowingService) => {
      const answer = () => services[service](queries[service]);
      return [service, await tryTo(service, async () => answers[service].parse(await answer()))] as const;
    };
    const told = await Promise.all((Object.keys(services) as KnowingService[]).map(ask));
    const known = Object.fromEntries(told) as Known;
    const refunds = await tryTo('notification', () => askRefundMails(services.notification, order, known));
    const mails = [...(known.notification?.mails ?? []), ...(refunds ?? [])];
    return { known: { ...known, notification: { mails } }, unavailable: [...unavailable] };
  };

export type QueryServices = ReturnType<typeof timelineGateway>;
