import * as z from 'zod';

const text = z.string().min(1);
const table = { ERASURES_TABLE: text };
const orders = { ORDERS_FUNCTION: text, RETURNS_FUNCTION: text };

/** Function names with the operations that each handles. */
const Functions = z.record(z.string(), z.array(z.string()));

export const servePrivacyEnv = z.object({
  ...table,
  ...orders,
  USER_FUNCTION: text,
  ROUTE_FUNCTIONS: z.string().transform((json) => Functions.parse(JSON.parse(json))),
});

export const sweepErasuresEnv = z.object({ ...table, ...orders, ERASE_USER_FUNCTION: text });

export const eraseSubjectsEnv = sweepErasuresEnv.extend({ DEAD_LETTER_QUEUE_URL: z.url() });

export const relayPrivacyEventsEnv = z.object({ TOPIC_ARN: text, PARKING_QUEUE_URL: z.url() });
