import type { Origin } from '../kernel/actor';
import type { Tenant } from '../kernel/tenant';

/** What the audit found: the stock row says one thing, its movements and reservations add up to another. */
export type Discrepancy = {
  readonly onHand: number;
  readonly expectedOnHand: number;
  readonly reserved: number;
  readonly expectedReserved: number;
};

/** How much there is of one product. On hand is `stock`, what is available, and `reservedQuantity` together. */
export type StockItem = {
  readonly tenant: Tenant;
  readonly productId: string;
  readonly productName: string;
  /** The version of the catalog's product that the name is from; 0 before the catalog has told of it. */
  readonly productVersion: number;
  readonly discontinued: boolean;
  readonly stock: number;
  readonly reservedQuantity: number;
  /** The part of `reservedQuantity` that no order holds. */
  readonly reservedByHand: number;
  readonly warehouseCode: string;
  readonly lastRestockedAt?: string | undefined;
  readonly lastOrderId?: string | undefined;
  /** Since when nobody knows of it any more; goods that are received begin it anew. */
  readonly deletedAt?: string | undefined;
  readonly discrepancy?: Discrepancy | undefined;
  /** Who made the last movement by hand, and which version it was; later versions are others'. */
  readonly movedBy?: (Origin & { readonly version: number }) | undefined;
  readonly version: number;
  readonly updatedAt: string;
};

export type ProductKey = Pick<StockItem, 'tenant' | 'productId'>;

export const isDeleted = ({ deletedAt }: StockItem): boolean => deletedAt !== undefined;

const mainWarehouse = 'MAIN';

/** The stock of a product that had none yet, before its first version. */
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

/** The next version of an item. */
export const changed = (item: StockItem, change: Partial<StockItem>, at: Date): StockItem => ({
  ...item,
  ...change,
  version: item.version + 1,
  updatedAt: at.toISOString(),
});
