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
} from '../contracts/service-calls';
import { asError } from '../kernel/as-error';
import type { Invoke } from '../kernel/invoke-function';
import { logger } from '../kernel/logger';
import type { Order } from './order';
import type { Known } from './timeline';

export type KnowingService = keyof Known;

type Question = DescribeReservation | DescribeBill | DescribeMails | DescribeAlerts | DescribePayment;

const questionsAbout = ({ tenant: tenantId, orderId, history }: Order): Record<KnowingService, Question> => ({
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

/** Asks the other services what they know of an order, all at once. One that fails leaves its part out. */
export const timelineGateway =
  (services: Readonly<Record<KnowingService, Invoke>>) =>
  async (order: Order): Promise<{ known: Known; unavailable: string[] }> => {
    const questions = questionsAbout(order);
    const unavailable: string[] = [];
    const ask = async (service: KnowingService) => {
      try {
        return [service, answers[service].parse(await services[service](questions[service]))] as const;
      } catch (thrown) {
        logger.error('a service told nothing of an order', { service, orderId: order.orderId, error: asError(thrown) });
        unavailable.push(service);
        return [service, undefined] as const;
      }
    };
    const told = await Promise.all((Object.keys(services) as KnowingService[]).map(ask));
    return { known: Object.fromEntries(told) as Known, unavailable };
  };

export type AskServices = ReturnType<typeof timelineGateway>;
