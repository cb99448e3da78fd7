import * as z from 'zod';

const tables = { PRODUCTS_TABLE: z.string().min(1), CATEGORIES_TABLE: z.string().min(1) };

export const serveCatalogEnv = z.object({
  ...tables,
  IMAGES_BUCKET: z.string().min(1),
});

export const projectShopEnv = z.object({
  ...tables,
  DEAD_LETTER_QUEUE_URL: z.url(),
});

export const relayCatalogEventsEnv = z.object({ TOPIC_ARN: z.string().min(1), PARKING_QUEUE_URL: z.url() });
