import { StockPage } from '../contracts/stock-api';
import { type Answer, isProblem, type ProblemAnswer } from '../kernel/answer';
import { type CursorScope, openCursor, sealCursor } from '../kernel/cursor';
import type { Request } from '../kernel/http';
import { etag, parseQuery } from '../kernel/http-input';
import type { Secrets } from '../kernel/secret';
import type { LedgerStore, Page } from './ledger.store';
import { answerRefusal, known, movementView, productKeyOf, refuse, stockView } from './stock.http';

export type ReadStockDeps = {
  readonly ledger: Pick<LedgerStore, 'get' | 'list' | 'movements'>;
  /** What cursors are signed with. */
  readonly cursorSecret: Secrets;
};

const wrongCursor: ProblemAnswer = {
  ...refuse(400, 'ValidationFailed', 'The query has wrong parameters.'),
  errors: [{ pointer: '/query/cursor', detail: 'must be the nextCursor of an answer of this list' }],
};

const pageOf = (request: Request, secret: Secrets, scope: CursorScope): Page | ProblemAnswer => {
  const parsed = parseQuery(request, StockPage);
  if (isProblem(parsed)) return parsed;
  const { limit, cursor } = parsed.query;
  if (cursor === undefined) return { limit };
  const key = openCursor(secret, scope, cursor);
  return key === undefined ? wrongCursor : { limit, after: key.after };
};

/** One page of a list, and the cursor of the next one if there is more. */
const listAnswer = async <Item>(
  request: Request,
  { cursorSecret, scope }: { readonly cursorSecret: Secrets; readonly scope: CursorScope },
  read: (page: Page) => Promise<Item[]>,
  { view, idOf }: { readonly view: (item: Item) => unknown; readonly idOf: (item: Item) => string },
): Promise<Answer> => {
  const page = pageOf(request, cursorSecret, scope);
  if (isProblem(page)) return page;
  const found = await read({ ...page, limit: page.limit + 1 });
  const items = found.slice(0, page.limit);
  const last = items.at(-1);
  const nextCursor =
    last !== undefined && found.length > items.length
      ? sealCursor(cursorSecret, scope, { after: idOf(last) })
      : undefined;
  return { status: 200, body: { items: items.map(view), nextCursor } };
};

/** `GET /inventory`. */
export const listStockRoute =
  ({ ledger, cursorSecret }: ReadStockDeps) =>
  (request: Request): Promise<Answer> => {
    const { tenant } = request.caller;
    const scope = { tenant, list: 'stock' };
    return listAnswer(request, { cursorSecret, scope }, (page) => ledger.list(tenant, page), {
      view: stockView,
      idOf: ({ productId }) => productId,
    });
  };

/** `GET /inventory/{productId}`. */
export const getStockRoute =
  ({ ledger }: ReadStockDeps) =>
  async (request: Request): Promise<Answer> => {
    const key = productKeyOf(request);
    if (isProblem(key)) return key;
    const item = await ledger.get(key);
    if (!known(item)) return answerRefusal({ kind: 'unknown-product' }, key.productId);
    const tag = etag(item.version);
    if (request.header('if-none-match') === tag.etag) return { status: 304, headers: tag };
    return { status: 200, body: stockView(item), headers: tag };
  };

/** `GET /inventory/{productId}/movements`: also of a product whose stock was deleted, since its ledger stays. */
export const listMovementsRoute =
  ({ ledger, cursorSecret }: ReadStockDeps) =>
  async (request: Request): Promise<Answer> => {
    const key = productKeyOf(request);
    if (isProblem(key)) return key;
    if ((await ledger.get(key)) === undefined) return answerRefusal({ kind: 'unknown-product' }, key.productId);
    const scope = { tenant: key.tenant, list: `movements of ${key.productId}` };
    return listAnswer(request, { cursorSecret, scope }, (page) => ledger.movements(key, page), {
      view: movementView,
      idOf: ({ movementId }) => movementId,
    });
  };
