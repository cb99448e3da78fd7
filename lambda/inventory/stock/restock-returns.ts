import type { ReturnCompleted } from '../../contracts/events/return-events';
import { trustedTenant } from '../../kernel/tenant';
import { type UpdateDeps, updateStock } from './update-stock';

export type RestockDeps = UpdateDeps & {
  readonly now: () => Date;
  /** Called for a product that inventory does not know. Its returned items are not restocked. */
  readonly onUnknown: (productId: string, event: ReturnCompleted) => void;
};

type Line = ReturnCompleted['data']['lines'][number];

const restockLine = async (deps: RestockDeps, event: ReturnCompleted, { productId, quantity }: Line) => {
  const { orderId, returnId } = event.data;
  const outcome = await updateStock(deps)(
    { tenant: trustedTenant(event.tenantid), productId },
    { type: 'return', quantity, reason: `Return ${returnId}`, orderId, by: 'returns', at: deps.now() },
    { key: event.id, requestHash: event.id, neverExpires: true },
  );
  if (!('accepted' in outcome) || outcome.accepted) return;
  if (outcome.reason.kind !== 'unknown-product')
    throw new Error(`${quantity} of ${productId} were not restocked: ${outcome.reason.kind}`);
  deps.onUnknown(productId, event);
};

/**
 * Restocks the items of a completed return with one movement for each product. A repeated event adds none. After an
 * error in the middle, the next attempt restocks the remaining products.
 */
export const restockReturns =
  (deps: RestockDeps) =>
  async (event: ReturnCompleted): Promise<void> => {
    for (const line of event.data.lines) await restockLine(deps, event, line);
  };
