import { InventoryQuery, type ReservationDescribed, type StockChecked } from '../../contracts/calls/service-calls';
import { trustedTenant } from '../../kernel/tenant';
import type { LedgerStore } from '../stock/ledger.store';
import type { StockStore } from '../stock/stock.store';
import type { Reservation } from './reservation';

export type DescribeReservationDeps = {
  readonly ledger: Pick<LedgerStore, 'find'>;
  readonly stock: Pick<StockStore, 'get'>;
};

const checkStock = async (
  { ledger }: DescribeReservationDeps,
  { tenantId, lines }: Extract<InventoryQuery, { ask: 'check-stock' }>,
): Promise<StockChecked> => {
  const productIds = lines.map(({ productId }) => productId);
  const items = await ledger.find(trustedTenant(tenantId), productIds);
  const stock = new Map(items.map((item) => [item.productId, item.stock]));
  const checked = lines.map(({ productId, quantity: requested }) => ({
    productId,
    requested,
    available: Math.max(0, stock.get(productId) ?? 0),
  }));
  return { short: checked.filter(({ requested, available }) => available < requested) };
};

const describe = ({ state, lines, version, updatedAt, fact }: Reservation): ReservationDescribed => ({
  reservation: { state, lines: [...lines], version, updatedAt, fact: fact.type, causationId: fact.causationId },
});

/** Query handler of the order service: is there enough stock, and what does an order's reservation hold? */
export const describeReservation =
  (deps: DescribeReservationDeps) =>
  async (input: unknown): Promise<StockChecked | ReservationDescribed> => {
    const query = InventoryQuery.parse(input);
    if (query.ask === 'check-stock') return checkStock(deps, query);
    const { tenantId, orderId } = query;
    const reservation = await deps.stock.get({ tenant: trustedTenant(tenantId), orderId });
    return reservation === undefined ? {} : describe(reservation);
  };
