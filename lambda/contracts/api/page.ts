import * as z from 'zod';

/** Query parameters of every list: the largest number of items on a page, and the cursor. */
export const page = {
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(2000).optional(),
};

/** One page of a list. `nextCursor` is missing on the last page. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() });
