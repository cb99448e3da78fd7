import * as z from 'zod';
import { recordedLine } from '../../contracts/values/text';
import { type Origin, originColumns } from '../../kernel/http/caller';
import { parseTenantKey, type Tenant } from '../../kernel/tenant';

/** A stock row's figures and the different ones that its movements and reservations add up to. */
export type Discrepancy = {
  readonly onHand: number;
  readonly expectedOnHand: number;
  readonly reserved: number;
  readonly expectedReserved: number;
};

/** The stock of one product. `stock` is the available quantity. On hand is `stock` plus `reservedQuantity`. */
export type StockItem = {
  readonly tenant: Tenant;
  readonly productId: string;
  readonly productName: string;
  /** The catalog's product version that the name is from. 0 before the first catalog event. */
  readonly productVersion: number;
  readonly discontinued: boolean;
  readonly stock: number;
  readonly reservedQuantity: number;
  /** The part of `reservedQuantity` that staff has reserved. */
  readonly reservedByHand: number;
  readonly warehouseCode: string;
  readonly lastRestockedAt?: string | undefined;
  readonly lastOrderId?: string | undefined;
  /** When it was deleted. Receiving goods restores it. */
  readonly deletedAt?: string | undefined;
  readonly discrepancy?: Discrepancy | undefined;
  /** The actor of the last movement by hand, and the version that it made. */
  readonly movedBy?: (Origin & { readonly version: number }) | undefined;
  readonly version: number;
  readonly updatedAt: string;
};

export type ProductKey = Pick<StockItem, 'tenant' | 'productId'>;

export const isDeleted = ({ deletedAt }: StockItem): boolean => deletedAt !== undefined;

const mainWarehouse = 'MAIN';

/** Returns an empty stock of version 0, which is not stored yet. */
export const newStock = (key: ProductKey, productName: string): StockItem => ({
  ...key,
  productName,
  productVersion: 0,
  discontinued: false,
  stock: 0,
  reservedQuantity: 0,
  reservedByHand: 0,
  warehouseCode: mainWarehouse,
  version: 0,
  updatedAt: '',
});

/** Returns the next version of an item. */
export const changed = (item: StockItem, change: Partial<StockItem>, at: Date): StockItem => ({
  ...item,
  ...change,
  version: item.version + 1,
  updatedAt: at.toISOString(),
});

const beginning = '1970-01-01T00:00:00.000Z';

const Discrepancy = z.object({
  onHand: z.int(),
  expectedOnHand: z.int(),
  reserved: z.int(),
  expectedReserved: z.int(),
});

/** A row of the inventory table. Rows from before the ledger existed lack some columns. */
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

/** Throws when the row does not match the schema. */
export const stockFromRow = (row: unknown): StockItem => {
  const { productId: key, productName, ...rest } = ItemRow.parse(row);
  const { tenant, id: productId } = parseTenantKey(key);
  return { ...rest, tenant, productId, productName: productName ?? productId };
};
