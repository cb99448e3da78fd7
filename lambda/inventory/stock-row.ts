import * as z from 'zod';
import { MovementType } from '../contracts/stock-api';
import { recordedLine } from '../contracts/text';
import { originColumns } from '../kernel/actor';
import { parseTenantKey, tenantKey } from '../kernel/tenant';
import type { Movement } from './movement';
import type { StockItem } from './stock-item';

const beginning = '1970-01-01T00:00:00.000Z';

const Discrepancy = z.object({
  onHand: z.int(),
  expectedOnHand: z.int(),
  reserved: z.int(),
  expectedReserved: z.int(),
});

/** An item of the inventory table. Rows that were loaded before there was a ledger lack what came with it. */
const ItemRow = z.object({
  productId: z.string(),
  productName: recordedLine(200).optional().catch(undefined),
  productVersion: z.int().nonnegative().default(0),
  discontinued: z.boolean().default(false),
  stock: z.int(),
  reservedQuantity: z.int().default(0),
  reservedByHand: z.int().default(0),
  warehouseCode: z.string().default('MAIN'),
  lastRestockedAt: z.iso.datetime().optional(),
  lastOrderId: z.string().optional(),
  deletedAt: z.iso.datetime().optional(),
  discrepancy: Discrepancy.optional(),
  movedBy: z.object({ ...originColumns, version: z.int().positive() }).optional(),
  version: z.int().positive(),
  updatedAt: z.iso.datetime().default(beginning),
});

/** Throws when the item is no stock row that this version knows. */
export const stockFromRow = (row: unknown): StockItem => {
  const { productId: key, productName, ...rest } = ItemRow.parse(row);
  const { tenant, id: productId } = parseTenantKey(key);
  return { ...rest, tenant, productId, productName: productName ?? productId };
};

const MovementRow = z.object({
  productId: z.string(),
  movementId: z.string(),
  type: z.enum([...MovementType.options, 'return', 'repair']),
  quantity: z.int(),
  change: z.int(),
  reservedChange: z.int(),
  reason: z.string(),
  orderId: z.string().optional(),
  by: z.string(),
  at: z.iso.datetime(),
  version: z.int().positive(),
});

/** Throws when the item is no movement that this version knows. */
export const movementFromRow = (row: unknown): Movement => {
  const { productId: key, ...rest } = MovementRow.parse(row);
  const { tenant, id: productId } = parseTenantKey(key);
  return { ...rest, tenant, productId };
};

export const movementRow = ({ tenant, productId, ...rest }: Movement): Record<string, unknown> => ({
  ...rest,
  productId: tenantKey(tenant, productId),
});

/** A request that was done: which movement it made, so that it is made once. */
export const ClaimRow = z.object({ requestHash: z.string(), made: z.string() });
