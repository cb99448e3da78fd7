import type { PlaceOrderResponse } from '../../lambda/contracts/api/order-api';
import { defaultTenant, type Tenant, trustedTenant } from '../../lambda/kernel/tenant';
import type { Random } from './random';
import type { World } from './world';

/** Two shops sell products of the same names at other prices. */
export const shops: readonly { readonly tenant: Tenant; readonly key: string | undefined; readonly price: number }[] = [
  { tenant: defaultTenant, key: undefined, price: 1005 },
  { tenant: trustedTenant('shop-b'), key: 'storefront-b', price: 333 },
];
export const productIds = ['PROD-1', 'PROD-2'];

/** One order that a client wants, and all that the client knows of it: the reference for what the system did. */
export type Intent = {
  readonly id: string; // also the customer's ID, so that every order tells whose it is
  readonly tenant: Tenant;
  readonly idempotencyKey: string | undefined;
  /** Another intent uses the same key with another body: one of the two is refused. */
  readonly contested: boolean;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
  readonly total: number;
  /** How it is paid, in a shop that is paid online. */
  readonly paymentMethod: 'CREDIT_CARD' | 'PAYPAY' | undefined;
  startsAt: number;
  attempts: number;
  inFlight: number;
  refused: boolean;
  answer: PlaceOrderResponse | undefined;
  seenVersion: number;
};

const quantities = [1, 1, 2, 3];

const itemsOf = (random: Random) => {
  const from = random.below(productIds.length);
  const wanted = productIds.slice(from, from + 1 + random.below(2));
  return wanted.map((productId) => ({ productId, quantity: random.pick(quantities) }));
};

type Named = Pick<Intent, 'id' | 'idempotencyKey' | 'contested' | 'startsAt' | 'paymentMethod'> & {
  readonly shop: (typeof shops)[number];
};

const intentOf = (random: Random, { shop, ...named }: Named): Intent => {
  const items = itemsOf(random);
  const price = ({ productId, quantity }: Intent['items'][number]) =>
    shop.price * (productIds.indexOf(productId) + 1) * quantity;
  const subtotal = items.reduce((sum, item) => sum + price(item), 0);
  return {
    ...named,
    tenant: shop.tenant,
    items,
    total: subtotal + Math.floor((subtotal + 5) / 10), // 10 % tax, half up
    attempts: 0,
    inFlight: 0,
    refused: false,
    answer: undefined,
    seenVersion: 0,
  };
};

const methodOf = (number: number, isOnline: boolean) => {
  if (!isOnline) return undefined;
  return number % 3 === 0 ? 'PAYPAY' : 'CREDIT_CARD';
};

/** What the clients of one run want: some with an idempotency key, some pairs that use one key for two bodies. */
export const wishes = (random: Random, { now, online }: Pick<World, 'now' | 'online'>, count: number): Intent[] => {
  const intents: Intent[] = [];
  const visited = [...shops, ...shops.filter(({ tenant }) => online.has(tenant))];
  for (let number = 1; intents.length < count; number += 1) {
    const shop = random.pick(visited);
    const keyed = random.chance(0.75);
    const contested = keyed && intents.length + 2 <= count && random.chance(0.15);
    const idempotencyKey = keyed ? `key-${number}` : undefined;
    const startsAt = now + random.below(60_000);
    const paymentMethod = methodOf(number, online.has(shop.tenant));
    for (const twin of contested ? ['a', 'b'] : ['']) {
      const id = `customer-${number}${twin}`;
      intents.push(intentOf(random, { id, shop, idempotencyKey, contested, startsAt, paymentMethod }));
    }
  }
  return intents;
};
