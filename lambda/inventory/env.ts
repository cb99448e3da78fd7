import * as z from 'zod';

const table = z.string().min(1);
const consumer = { DEAD_LETTER_QUEUE_URL: z.url() };

export const takeStockEnv = z.object({ INVENTORY_TABLE: table, RESERVATIONS_TABLE: table, ...consumer });

export const relayInventoryEventsEnv = z.object({ TOPIC_ARN: z.string().min(1), PARKING_QUEUE_URL: z.url() });

export const serveStockEnv = z.object({ INVENTORY_TABLE: table, MOVEMENTS_TABLE: table });

export const projectCatalogEnv = z.object({ INVENTORY_TABLE: table, ...consumer });

export const takeReturnsEnv = z.object({ INVENTORY_TABLE: table, MOVEMENTS_TABLE: table, ...consumer });

export const describeReservationEnv = z.object({ INVENTORY_TABLE: table, RESERVATIONS_TABLE: table });

export const auditStockEnv = z.object({
  INVENTORY_TABLE: table,
  RESERVATIONS_TABLE: table,
  MOVEMENTS_TABLE: table,
  TOPIC_ARN: z.string().min(1),
});
