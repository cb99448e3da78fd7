import * as z from 'zod';

const text = z.string().min(1);
const connections = { CONNECTIONS_TABLE: text, CONNECTIONS_URL: z.url(), API_REGION: text };

export const serveConnectionsEnv = z.object({ ...connections, AUTHORIZER_URL: z.url(), ORDER_URL: z.url() });

export const pushEventsEnv = z.object({
  ...connections,
  DEAD_LETTER_QUEUE_URL: z.url(),
});
