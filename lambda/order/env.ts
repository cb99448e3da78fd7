import * as z from 'zod';
import type { Timeouts } from './domain/order';

const tables = { ORDERS_TABLE: z.string().min(1), PRODUCTS_TABLE: z.string().min(1) };
const timeouts = {
  ANSWER_SECONDS: z.coerce.number().int().positive(),
  BACKORDER_SECONDS: z.coerce.number().int().positive(),
  PAYMENT_SECONDS: z.coerce.number().int().positive(),
};

/** Returns the timeouts from a function's environment, in seconds. */
export const timeoutsFrom = (env: z.output<z.ZodObject<typeof timeouts>>): Timeouts => ({
  answerSeconds: env.ANSWER_SECONDS,
  backorderSeconds: env.BACKORDER_SECONDS,
  paymentSeconds: env.PAYMENT_SECONDS,
});

export const placeOrderEnv = z.object({
  ...tables,
  ...timeouts,
  TRACKING_SECRET_ARN: z.string().min(1),
  AUTHORIZER_FUNCTION: z.string().min(1),
  INVENTORY_FUNCTION: z.string().min(1),
});

export const getOrderEnv = z.object({ ORDERS_TABLE: tables.ORDERS_TABLE });

export const findPersonalOrdersEnv = z.object({ ORDERS_TABLE: tables.ORDERS_TABLE });

export const describeOrderEnv = z.object({ ORDERS_TABLE: tables.ORDERS_TABLE });

export const serveOrdersEnv = z.object({
  ORDERS_TABLE: tables.ORDERS_TABLE,
  ...timeouts,
  INVENTORY_FUNCTION: z.string().min(1),
  BILLING_FUNCTION: z.string().min(1),
  NOTIFICATION_FUNCTION: z.string().min(1),
  ALERT_FUNCTION: z.string().min(1),
  PAYMENT_FUNCTION: z.string().min(1),
});

export const projectShopDataEnv = z.object({
  ...tables,
  DEAD_LETTER_QUEUE_URL: z.url(),
});

export const healthEnv = z.object({ ...tables, TOPIC_ARN: z.string().min(1), BUILD: z.string().min(1) });

export const relayOrderEventsEnv = z.object({ TOPIC_ARN: z.string().min(1), PARKING_QUEUE_URL: z.url() });

export const advanceOrderEnv = z.object({
  ORDERS_TABLE: tables.ORDERS_TABLE,
  ...timeouts,
  DEAD_LETTER_QUEUE_URL: z.url(),
});

export const sweepDueOrdersEnv = z.object({
  ORDERS_TABLE: tables.ORDERS_TABLE,
  ...timeouts,
  TOPIC_ARN: z.string().min(1),
});
