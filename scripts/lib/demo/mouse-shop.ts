import type { PlaceOrderResponse } from '../../../lambda/contracts/api/order-api';
import { CommandError } from '../command';
import type { SignedIn } from '../people/sign-in';
import { step } from '../terminal';
import { until } from '../wait';

/** What seed 004 sells. */
const mouse = { sku: 'PRD-001', name: 'Wireless Mouse', price: 29.99, currency: 'USD' } as const;

/** Seed 004's request, as it stands there. */
export const seedOrder = {
  customerId: 'CUST-001',
  items: [{ productCode: mouse.sku, name: mouse.name, quantity: 2, price: mouse.price }],
  shippingAddress: { street: '123 Main St', city: 'Tokyo', postalCode: '100-0001', country: 'JP' },
  paymentMethod: 'credit_card',
};

const params = { productId: mouse.sku };

/** Returns the stock of the mouse, or undefined while inventory does not know it. */
export const stockOf = async (staff: SignedIn) => {
  const { status, body } = await staff.getStock({ params });
  return status === 200 ? body : undefined;
};

const putOnSale = async (staff: SignedIn) => {
  const made = await staff.createProduct({ body: mouse });
  if (made.status === 201) return;
  const { sku: _, ...fields } = mouse;
  const changed = await staff.updateProduct({ params, body: { ...fields, status: true } });
  if (changed.status !== 200)
    throw new CommandError(`${mouse.sku} cannot be put on sale: ${JSON.stringify(changed.body)}`);
};

/** Puts the mouse on sale, with at least so many in stock, and waits until inventory knows it. */
export const openMouseShop = async (staff: SignedIn, atLeast: number): Promise<void> => {
  await putOnSale(staff);
  const done = (stocked: true | undefined) => stocked && `${mouse.name} is in stock`;
  const stocked = await step({ doing: `stocking ${mouse.name}`, done }, () =>
    until(
      async () => {
        const stock = await stockOf(staff);
        if (stock !== undefined && stock.available >= atLeast) return true;
        const quantity = Math.max(1, atLeast - (stock?.available ?? 0));
        await staff.updateStock({ params, body: { type: 'receive', quantity, reason: 'goods for the walk' } });
        return undefined;
      },
      { timeoutMs: 30_000, everyMs: 500 },
    ),
  );
  if (stocked === undefined) throw new CommandError(`${mouse.sku} could not be stocked in 30 seconds.`);
};

/** Places seed 004's order; a product that was put on sale a moment ago takes a moment to be known to the order service. */
export const placeSeedOrder = async (staff: SignedIn): Promise<PlaceOrderResponse> => {
  let refused: unknown;
  const placed = await until(
    async () => {
      const { status, body } = await staff.placeOrder({ headers: { 'Accept-Language': 'en' }, body: seedOrder });
      if (status === 201) return body;
      refused = body;
      return undefined;
    },
    { timeoutMs: 60_000, everyMs: 500 },
  );
  if (placed === undefined) throw new CommandError(`The order was not accepted: ${JSON.stringify(refused)}`);
  return placed;
};
