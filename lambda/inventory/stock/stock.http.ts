import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type MovementView, StockPage, type StockView, UpdateStockRequest } from '../../contracts/api/stock-api';
import { ProductId } from '../../contracts/values/text';
import type { Secrets } from '../../kernel/aws/secret';
import {
  type Answer,
  isProblem,
  type ProblemAnswer,
  preconditionFailed,
  refuse,
  versionMismatch,
} from '../../kernel/http/answer';
import { actorOf } from '../../kernel/http/caller';
import { parseIdempotencyKey, replayed } from '../../kernel/http/idempotency';
import { etag, parseBody, parseIfMatch, parseQuery } from '../../kernel/http/input';
import { answerPage, type CursorScope, type PageAfter } from '../../kernel/http/list-page';
import type { Request } from '../../kernel/http/route';
import type { Backoff } from '../../kernel/retry';
import type { LedgerStore, Page } from './ledger.store';
import type { Claim, Moved, Movement } from './movement';
import { isDeleted, type ProductKey, type StockItem } from './stock-item';
import { deleteStock, type MovementRequest, type Refusal, type UpdateDeps, updateStock } from './update-stock';

const refusals = {
  'unknown-product': (_refusal, productId) =>
    refuse('ProductNotFound', `Product ${productId} not found`, { members: { error: 'ProductNotFoundError' } }),
  'version-mismatch': ({ currentVersion }) => versionMismatch('Inventory was modified, please retry', currentVersion),
  short: ({ requested, available }, productId) =>
    refuse(
      'InsufficientStock',
      `Insufficient inventory for ${productId}: requested ${requested}, available ${available}`,
      { members: { error: 'InsufficientStockError' } },
    ),
  'not-empty': (_refusal, productId) =>
    refuse('StockNotEmpty', `Product ${productId} still has stock: adjust what is on hand to 0 first.`),
  'precondition-failed': () => preconditionFailed('The stock has another version than If-Match names.'),
} satisfies {
  [Kind in Refusal['kind']]: (refusal: Extract<Refusal, { kind: Kind }>, productId: string) => ProblemAnswer;
};

/** Returns the API's answer to a refusal. */
const answerRefusal = (refusal: Refusal, productId: string): ProblemAnswer =>
  (refusals[refusal.kind] as (refusal: Refusal, productId: string) => ProblemAnswer)(refusal, productId);

/** Returns the key of the product in the path. An invalid ID is an unknown product. */
const productKeyOf = (request: Request): ProductKey | ProblemAnswer => {
  const productId = request.pathParameter('productId');
  if (!ProductId.safeParse(productId).success) return answerRefusal({ kind: 'unknown-product' }, '?'); // not echoed
  return { tenant: request.caller.tenant, productId };
};

/** Whether the stock exists. A deleted one counts as unknown. */
const exists = (item: StockItem | undefined): item is StockItem => item !== undefined && !isDeleted(item);

const stockView = (item: StockItem): StockView => ({
  productId: item.productId,
  productCode: item.productId,
  productName: item.productName,
  quantity: item.stock + item.reservedQuantity,
  available: item.stock,
  reservedQuantity: item.reservedQuantity,
  warehouseCode: item.warehouseCode,
  lastRestockedAt: item.lastRestockedAt,
  lastOrderId: item.lastOrderId,
  discontinued: item.discontinued,
  updatedAt: item.updatedAt,
  version: item.version,
});

const movementView = ({ tenant: _, ...movement }: Movement): MovementView => movement;

export type ReadStockDeps = {
  readonly ledger: Pick<LedgerStore, 'get' | 'list' | 'movements'>;
  /** Signs and checks the cursors. */
  readonly cursorSecret: Secrets;
};

const Mark = z.object({ after: z.string() });

/** Returns one page of a list. Reads one item more than the page has, which says whether there is a next page. */
const listAnswer = async <Item>(
  request: Request,
  { cursorSecret, scope }: { readonly cursorSecret: Secrets; readonly scope: CursorScope },
  read: (page: Page) => Promise<Item[]>,
  { view, idOf }: { readonly view: (item: Item) => unknown; readonly idOf: (item: Item) => string },
): Promise<Answer> => {
  const parsed = parseQuery(request, StockPage);
  if (isProblem(parsed)) return parsed;
  const readPage = async ({ limit, after }: PageAfter<z.output<typeof Mark>>) => {
    const found = await read({ limit: limit + 1, after: after?.after });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, next: last !== undefined && found.length > limit ? { after: idOf(last) } : undefined };
  };
  return answerPage(parsed.query, { secret: cursorSecret, scope, key: Mark }, readPage, view);
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
    if (!exists(item)) return answerRefusal({ kind: 'unknown-product' }, key.productId);
    const tag = etag(item.version);
    if (request.header('if-none-match') === tag.etag) return { status: 304, headers: tag };
    return { status: 200, body: stockView(item), headers: tag };
  };

/** `GET /inventory/{productId}/movements`. The ledger of a deleted stock stays readable. */
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

export type StockRouteDeps = {
  readonly ledger: UpdateDeps['ledger'];
  readonly backoff: Backoff;
  readonly now: () => Date;
};

const hash = (...parts: string[]) => createHash('sha256').update(parts.join('\n')).digest('hex');

/** Returns the claim of a request with an idempotency key. Keys are scoped to the caller and the product. */
const claimOf = (request: Request, body: UpdateStockRequest): Claim | undefined | ProblemAnswer => {
  if (request.header('idempotency-key') === undefined) return undefined;
  const given = parseIdempotencyKey(request, 'The header Idempotency-Key is wrong.');
  if (isProblem(given)) return given;
  return { key: hash(actorOf(request).actor, given.key), requestHash: hash(JSON.stringify(body)) };
};

const keyTaken = refuse('IdempotencyKeyMismatch', 'This Idempotency-Key was used for another request.');

const answerMoved = ({ item, movement }: Moved, headers: Record<string, string> = {}): Answer => ({
  status: 200,
  body: { ...stockView(item), movement: movementView(movement) },
  headers: { ...etag(item.version), ...headers },
});

type Update = { readonly key: ProductKey; readonly movement: MovementRequest; readonly claim: Claim | undefined };

/** Parses the request, or returns the problem with it. */
const readUpdate = (request: Request, at: Date): Update | ProblemAnswer => {
  const key = productKeyOf(request);
  if (isProblem(key)) return key;
  const parsed = parseBody(request, UpdateStockRequest);
  if (isProblem(parsed)) return parsed;
  const match = parseIfMatch(request);
  if (isProblem(match)) return match;
  const claim = claimOf(request, parsed.body);
  if (isProblem(claim)) return claim;
  const { actor, network } = actorOf(request);
  return { key, movement: { ...parsed.body, onlyIf: match.version, by: actor, network, at }, claim };
};

/** `PATCH /inventory/{productId}`: one movement. */
export const updateStockRoute =
  ({ ledger, backoff, now }: StockRouteDeps) =>
  async (request: Request): Promise<Answer> => {
    const update = readUpdate(request, now());
    if (isProblem(update)) return update;
    const { key, movement, claim } = update;
    const outcome = await updateStock({ ledger, backoff })(key, movement, claim);
    if ('keyTaken' in outcome) return keyTaken;
    if ('replayed' in outcome) return answerMoved(outcome.replayed, replayed);
    return outcome.accepted ? answerMoved(outcome.fact) : answerRefusal(outcome.reason, key.productId);
  };

/** `DELETE /inventory/{productId}`. */
export const deleteStockRoute =
  ({ ledger, backoff, now }: StockRouteDeps) =>
  async (request: Request): Promise<Answer> => {
    const key = productKeyOf(request);
    if (isProblem(key)) return key;
    const match = parseIfMatch(request);
    if (isProblem(match)) return match;
    const remove = deleteStock({ ledger, backoff });
    const outcome = await remove(key, { at: now(), onlyIf: match.version });
    return outcome.accepted ? { status: 204 } : answerRefusal(outcome.reason, key.productId);
  };
