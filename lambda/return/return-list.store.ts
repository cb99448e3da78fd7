import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ReturnStatus } from '../contracts/return-status';
import { pageOfIndex } from '../kernel/index-list';
import { idOfKey, type Tenant } from '../kernel/tenant';
import type { Return } from './return';
import { lists, returnFromRow, returnKey } from './return-row';

/** The last return of a page: the next one goes on after it. */
export type ReturnMark = Pick<Return, 'returnId' | 'requestedAt'>;

/** Which returns: a tenant's or one customer's, in any status or in one. */
export type ReturnSelection = {
  readonly tenant: Tenant;
  readonly userId?: string | undefined;
  readonly status?: ReturnStatus | undefined;
  readonly limit: number;
  readonly after?: ReturnMark | undefined;
};

/** `next` is missing on the last page. */
export type ReturnPage = { readonly items: readonly Return[]; readonly next?: ReturnMark };

type Returns = { readonly table: string; readonly db: DynamoDBDocumentClient };
type Row = Record<string, unknown>;

/** The index that has just these returns, or the fewest too many: customers have few. */
const listOf = ({ tenant, userId, status }: ReturnSelection) => {
  if (userId !== undefined)
    return { index: 'byCustomer', name: 'customerList', value: lists.byCustomer(tenant, userId) };
  if (status !== undefined) return { index: 'byStatus', name: 'statusList', value: lists.byStatus(tenant, status) };
  return { index: 'byTenant', name: 'tenantList', value: lists.byTenant(tenant) };
};

const startOf = (selection: ReturnSelection): Row | undefined => {
  const { tenant, after } = selection;
  if (after === undefined) return undefined;
  const { name, value } = listOf(selection);
  return { returnId: returnKey(tenant, after.returnId), requestedAt: after.requestedAt, [name]: value };
};

const markOf = ({ returnId, requestedAt }: Row): ReturnMark => ({
  returnId: idOfKey(returnId),
  requestedAt: String(requestedAt),
});

/** Reads one page, those asked for last first. A customer's returns are in any status. */
export const listReturns = async (returns: Returns, selection: ReturnSelection): Promise<ReturnPage> => {
  const { status, limit } = selection;
  const isListed = (one: Return) => status === undefined || one.status === status;
  const list = { ...returns, ...listOf(selection), key: 'returnId', fromRow: returnFromRow, isListed };
  const { items, last } = await pageOfIndex(list, limit, startOf(selection));
  return last === undefined ? { items } : { items, next: markOf(last) };
};
