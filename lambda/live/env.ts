import * as z from 'zod';

const text = z.string().min(1);
const connections = { CONNECTIONS_TABLE: text, API_ID: text, API_STAGE: text };

export const serveConnectionsEnv = z.object({ ...connections, AUTHORIZER_FUNCTION: text, ORDER_FUNCTION: text });

export const pushEventsEnv = z.object({
  ...connections,
  AUTHORIZER_FUNCTION: text,
  DEAD_LETTER_QUEUE_URL: z.url(),
});
