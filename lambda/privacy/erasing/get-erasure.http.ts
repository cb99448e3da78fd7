import { GetErasureQuery } from '../../contracts/api/privacy-api';
import { ErasureId } from '../../contracts/values/erasure';
import { isProblem, refuse } from '../../kernel/http/answer';
import { parseQuery } from '../../kernel/http/input';
import type { Request, Route } from '../../kernel/http/route';
import type { Erasure } from './erasure';
import type { ErasureStore } from './erasure.store';
import { erasureView } from './erasure-view';

const unknown = refuse('ErasureNotFound', 'There is no such erasure.');

/** Customers see what they asked for and what is about themselves; staff see all erasures of the tenant. */
const maySee = ({ scope, caller }: Request, { requestedBy, person }: Erasure): boolean =>
  scope !== 'own' || requestedBy === caller.userId || (person.kind === 'user' && person.userId === caller.userId);

/** `GET /privacy/erasures/{erasureId}`: returns the same 404 for an unknown erasure and those of others. */
export const getErasureRoute =
  ({ erasures }: { readonly erasures: Pick<ErasureStore, 'get'> }): Route =>
  async (request) => {
    const parsed = parseQuery(request, GetErasureQuery);
    if (isProblem(parsed)) return parsed;
    const { tenant } = request.caller;
    const erasureId = request.pathParameter('erasureId');
    const isOurs = (parsed.query.tenantId ?? tenant) === tenant;
    if (!isOurs || !ErasureId.safeParse(erasureId).success) return unknown;
    const found = await erasures.get({ tenant, erasureId });
    return found === undefined || !maySee(request, found) ? unknown : { status: 200, body: erasureView(found) };
  };
