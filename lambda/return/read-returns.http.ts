import * as z from 'zod';
import { ListReturnsQuery, type ReturnView } from '../contracts/api/return-api';
import { toMajor } from '../contracts/values/money';
import { ReturnId } from '../contracts/values/return-status';
import type { Secrets } from '../kernel/aws/secret';
import { type Answer, isProblem, type ProblemAnswer, refuse } from '../kernel/http/answer';
import { etag, parseQuery } from '../kernel/http/input';
import { answerPage, type CursorScope, type PageAfter } from '../kernel/http/list-page';
import type { Request } from '../kernel/http/route';
import type { KeyRing } from '../kernel/sealing/key-ring';
import { openReason } from './reason';
import type { Return } from './return';
import type { ReturnPosition, ReturnStore } from './return.store';

/** Returns whether the caller may see a customer's data: staff see all of the tenant, customers only their own. */
export const maySee = ({ scope, caller }: Request, { userId }: { readonly userId?: string | undefined }) =>
  scope !== 'own' || (caller.userId !== undefined && userId === caller.userId);

/** Returns the return in the path, or the same 404 for an unknown one and those of other tenants or customers. */
export const findReturn = async (
  returns: Pick<ReturnStore, 'get'>,
  request: Request,
): Promise<Return | ProblemAnswer> => {
  const returnId = request.pathParameter('returnId');
  const unknown = refuse('ReturnNotFound', 'There is no such return.');
  if (!ReturnId.safeParse(returnId).success) return unknown;
  const found = await returns.get(request.caller.tenant, returnId);
  return found !== undefined && maySee(request, found) ? found : unknown;
};

/** Opens the reasons of returns. */
export type ViewDeps = { readonly keys: Pick<KeyRing, 'open'> };

/** Returns the current state of the return. */
export const returnView = async ({ keys }: ViewDeps, given: Return): Promise<ReturnView> => {
  const major = (amount: number) => toMajor(amount, given.currency);
  const { returnId, orderId, userId, status, currency, requestedAt, updatedAt, returnedAt, version } = given;
  const reason = await openReason(keys, given);
  return {
    ...{ returnId, orderId, userId, status, reason, currency, requestedAt, updatedAt, returnedAt, version },
    items: given.lines.map(({ productId, name, quantity, unitPrice, lineTotal }) => ({
      productId,
      name,
      quantity,
      unitPrice: major(unitPrice),
      lineTotal: major(lineTotal),
    })),
  };
};

/** Returns the return as it was when it was requested, so that a repeated request gets the same response. */
export const requestedView = (deps: ViewDeps, given: Return): Promise<ReturnView> =>
  returnView(deps, { ...given, status: 'REQUESTED', updatedAt: given.requestedAt, returnedAt: undefined, version: 1 });

/** `GET /returns/{returnId}`. */
export const getReturnRoute =
  (deps: ViewDeps & { readonly returns: Pick<ReturnStore, 'get'> }) =>
  async (request: Request): Promise<Answer> => {
    const found = await findReturn(deps.returns, request);
    if (isProblem(found)) return found;
    const headers = etag(found.version);
    if (request.header('if-none-match') === headers.etag) return { status: 304, headers };
    return { status: 200, body: await returnView(deps, found), headers };
  };

export type ListReturnsDeps = ViewDeps & {
  readonly returns: Pick<ReturnStore, 'list'>;
  /** The secret that signs the cursors. */
  readonly cursorSecret: Secrets;
};

const ListPosition = z.object({ returnId: ReturnId, requestedAt: z.iso.datetime() });

/** Returns the scope of a cursor, which is valid only for the same list, filter and caller. */
const cursorScopeOf = ({ caller, scope }: Request, status: string | undefined): CursorScope => ({
  tenant: caller.tenant,
  list: ['returns', scope === 'own' ? `of ${caller.userId}` : 'of the tenant', status ?? 'any'].join(' '),
});

/** `GET /returns`. */
export const listReturnsRoute =
  ({ returns, cursorSecret, keys }: ListReturnsDeps) =>
  async (request: Request): Promise<Answer> => {
    const parsed = parseQuery(request, ListReturnsQuery);
    if (isProblem(parsed)) return parsed;
    const { status } = parsed.query;
    const { tenant, userId = '' } = request.caller;
    const owner = request.scope === 'own' ? userId : undefined;
    const list = { secret: cursorSecret, scope: cursorScopeOf(request, status), key: ListPosition };
    const read = async (page: PageAfter<ReturnPosition>) => {
      const { items, next } = await returns.list({ tenant, userId: owner, status, ...page });
      return { items: await Promise.all(items.map((given) => returnView({ keys }, given))), next };
    };
    return answerPage(parsed.query, list, read, (view) => view);
  };
