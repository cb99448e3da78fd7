import type { Tenant } from './tenant';

/** How many items the first block has, and the largest: each block has four times as many as the one before. */
export type BlockSizes = { readonly first: number; readonly largest: number };

type Block<Item> = { readonly items: readonly Item[]; next: number };

/**
 * Hands out items from blocks per tenant, so that most requests need no call for theirs. Unused items of a function
 * that ends are lost; none is handed out twice.
 */
export const blockSupply = <Item>(
  take: (tenant: Tenant, size: number) => Promise<readonly Item[]>,
  { first, largest }: BlockSizes,
) => {
  const blocks = new Map<Tenant, Promise<Block<Item>>>();
  const sizes = new Map<Tenant, number>();

  const refill = (tenant: Tenant): Promise<Block<Item>> => {
    const size = sizes.get(tenant) ?? first;
    const block = take(tenant, size).then((items) => {
      sizes.set(tenant, Math.min(4 * size, largest));
      return { items, next: 0 };
    });
    blocks.set(tenant, block);
    block.catch(() => blocks.delete(tenant));
    return block;
  };

  const next = async (tenant: Tenant): Promise<Item> => {
    for (;;) {
      const pending = blocks.get(tenant) ?? refill(tenant);
      const block = await pending;
      const item = block.items[block.next];
      if (item !== undefined) {
        block.next += 1;
        return item;
      }
      if (blocks.get(tenant) === pending) blocks.delete(tenant); // unless another request has refilled it
    }
  };

  return {
    next,
    /** Takes a tenant's first block ahead of its first request. */
    prepare: async (tenant: Tenant): Promise<void> => {
      await (blocks.get(tenant) ?? refill(tenant));
    },
  };
};
