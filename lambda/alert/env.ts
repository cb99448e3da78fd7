import * as z from 'zod';

const consumer = { DEAD_LETTER_QUEUE_URL: z.url() };

export const raiseAlertsEnv = z.object({ ALERTS_TABLE: z.string().min(1), ...consumer });

const reconciliation = {
  ORDER_PAYMENT_TABLE: z.string().min(1),
  REFUND_SECONDS: z.coerce.number().int().positive(),
  STUCK_SECONDS: z.coerce.number().int().positive(),
};

const owners = { ORDER_FUNCTION: z.string().min(1), PAYMENT_FUNCTION: z.string().min(1) };

export const reconcilePaymentsEnv = z.object({ ...reconciliation, ...owners, ...consumer });

export const checkDeadlinesEnv = z.object({ ...reconciliation, ...owners });

const history = { SYS_PAY_ALERT_TABLE: z.string().min(1) };

export const recordAlertsEnv = z.object({ ...history, ...consumer });

export const serveAlertsEnv = z.object({ ...history, ...reconciliation, ALERTS_TABLE: z.string().min(1) });

export const relayAlertEventsEnv = z.object({ TOPIC_ARN: z.string().min(1), PARKING_QUEUE_URL: z.url() });

export const describeAlertsEnv = z.object({ ALERTS_TABLE: z.string().min(1), ORDER_PAYMENT_TABLE: z.string().min(1) });
