import type { ReturnCompleted } from '../contracts/return-events';
import { trustedTenant } from '../kernel/tenant';
import { type UpdateDeps, updateStock } from './update-stock';

export type TakeReturnsDeps = UpdateDeps & {
  readonly now: () => Date;
  /** Tells of a product that inventory does not know: its pieces are in no stock. */
  readonly onUnknown: (productId: string, event: ReturnCompleted) => void;
};

type Line = ReturnCompleted['data']['lines'][number];

const takeLine = async (deps: TakeReturnsDeps, event: ReturnCompleted, { productId, quantity }: Line) => {
  const { orderId, returnId } = event.data;
  const outcome = await updateStock(deps)(
    { tenant: trustedTenant(event.tenantid), productId },
    { type: 'return', quantity, reason: `Return ${returnId}`, orderId, by: 'returns', at: deps.now() },
    { key: event.id, requestHash: event.id, kept: true },
  );
  if (!('accepted' in outcome) || outcome.accepted) return;
  if (outcome.reason.kind !== 'unknown-product')
    throw new Error(`${quantity} of ${productId} are not back in stock: ${outcome.reason.kind}`);
  deps.onUnknown(productId, event);
};

/**
 * Puts what came back into stock again: one movement of each product, once for one event, whenever it comes again. A
 * throw in the middle leaves the products before it done, and the next try does the rest.
 */
export const takeReturns =
  (deps: TakeReturnsDeps) =>
  async (event: ReturnCompleted): Promise<void> => {
    for (const line of event.data.lines) await takeLine(deps, event, line);
  };
