import type { OrderLine } from '../contracts/order-events';
import { type CheckStock, StockChecked } from '../contracts/service-calls';
import type { Invoke } from '../kernel/invoke-function';
import type { Tenant } from '../kernel/tenant';
import type { PlaceOrderRejection } from './place-order';

/** What inventory says of an order's lines before the order is placed. */
export const stockGateway = (ask: Invoke) => ({
  /** Why stock does not cover the lines at this moment; nothing when it does. Nothing is held by asking. */
  shortOf: async (tenant: Tenant, lines: readonly OrderLine[]): Promise<PlaceOrderRejection | undefined> => {
    const wanted = lines.map(({ productId, quantity }) => ({ productId, quantity }));
    const question: CheckStock = { ask: 'check-stock', tenantId: tenant, lines: wanted };
    const { short } = StockChecked.parse(await ask(question));
    const errors = lines.flatMap(({ productId, name }, index) => {
      const found = short.find((line) => line.productId === productId);
      if (found === undefined) return [];
      const detail = `Insufficient stock for ${name}. Available: ${found.available}, Requested: ${found.requested}`;
      return [{ pointer: `/items/${index}/quantity`, detail }];
    });
    return errors.length === 0 ? undefined : { refusal: 'insufficient-stock', errors };
  },
});

export type StockGateway = ReturnType<typeof stockGateway>;
