import * as z from 'zod';
import { MovementType as MovementByHand } from '../../contracts/api/stock-api';
import { parseTenantKey, tenantKey } from '../../kernel/tenant';
import type { ProductKey, StockItem } from './stock-item';

/** A `return` adds goods like a `receive`, but only the return service makes one. */
export type MovementType = z.infer<typeof MovementByHand> | 'return';

/** One immutable entry of the ledger. On hand is the sum of all entries minus what orders deducted. */
export type Movement = ProductKey & {
  /** The resulting version of the stock, with leading zeros for sorting. */
  readonly movementId: string;
  readonly type: MovementType | 'repair';
  /** The requested quantity. */
  readonly quantity: number;
  /** The change of the on-hand quantity. */
  readonly change: number;
  /** The change of the quantity reserved by hand. */
  readonly reservedChange: number;
  readonly reason: string;
  readonly orderId?: string | undefined;
  /** The actor. */
  readonly by: string;
  readonly at: string;
  readonly version: number;
};

export const movementIdOf = (version: number): string => String(version).padStart(12, '0');

/** A movement and the resulting stock, which are written in one transaction. */
export type Moved = { readonly item: StockItem; readonly movement: Movement };

/** The idempotency key of a request and the hash of its content. */
export type Claim = {
  readonly key: string;
  readonly requestHash: string;
  /** Whether it stays valid longer than a day, because events may be redelivered after weeks. @default false */
  readonly neverExpires?: boolean;
};

const MovementRow = z.object({
  productId: z.string(),
  movementId: z.string(),
  type: z.enum([...MovementByHand.options, 'return', 'repair']),
  quantity: z.int(),
  change: z.int(),
  reservedChange: z.int(),
  reason: z.string(),
  orderId: z.string().optional(),
  by: z.string(),
  at: z.iso.datetime(),
  version: z.int().positive(),
});

/** Throws when the row does not match the schema. */
export const movementFromRow = (row: unknown): Movement => {
  const { productId: key, ...rest } = MovementRow.parse(row);
  const { tenant, id: productId } = parseTenantKey(key);
  return { ...rest, tenant, productId };
};

export const movementRow = ({ tenant, productId, ...rest }: Movement): Record<string, unknown> => ({
  ...rest,
  productId: tenantKey(tenant, productId),
});

/** A row for an idempotency key: the request's hash and the ID of its movement. */
export const ClaimRow = z.object({ requestHash: z.string(), made: z.string() });
