import { createHash } from 'node:crypto';
import { IdempotencyKey } from '../contracts/request-headers';
import { UpdateStockRequest } from '../contracts/stock-api';
import { actorOf } from '../kernel/actor';
import type { Answer, ProblemAnswer } from '../kernel/answer';
import { isProblem } from '../kernel/answer';
import type { Request } from '../kernel/http';
import { etag, parseBody, parseIfMatch } from '../kernel/http-input';
import type { Backoff } from '../kernel/retry';
import type { Claim } from './ledger.store';
import type { Moved, MovementRequest } from './movement';
import { answerRefusal, movementView, productKeyOf, refuse, stockView } from './stock.http';
import type { ProductKey } from './stock-item';
import { deleteStock, type UpdateDeps, updateStock } from './update-stock';

export type StockRouteDeps = {
  readonly ledger: UpdateDeps['ledger'];
  readonly backoff: Backoff;
  readonly now: () => Date;
};

const hash = (...parts: string[]) => createHash('sha256').update(parts.join('\n')).digest('hex');

/** The claim of a request that may be sent twice: keys are per caller and, by where they are kept, per product. */
const claimOf = (request: Request, body: UpdateStockRequest): Claim | undefined | ProblemAnswer => {
  const key = request.header('idempotency-key');
  if (key === undefined) return undefined;
  const { success, error } = IdempotencyKey.safeParse(key);
  if (success) return { key: hash(actorOf(request).actor, key), requestHash: hash(JSON.stringify(body)) };
  const errors = error.issues.map(({ message }) => ({ pointer: '/headers/Idempotency-Key', detail: message }));
  return { ...refuse(400, 'ValidationFailed', 'The header Idempotency-Key is wrong.'), errors };
};

const keyTaken = refuse(422, 'IdempotencyKeyMismatch', 'This Idempotency-Key was used for another request.');

const answerMoved = ({ item, movement }: Moved, headers: Record<string, string> = {}): Answer => ({
  status: 200,
  body: { ...stockView(item), movement: movementView(movement) },
  headers: { ...etag(item.version), ...headers },
});

type Update = { readonly key: ProductKey; readonly movement: MovementRequest; readonly claim: Claim | undefined };

/** All that a request says, or what is wrong with it. */
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
    if ('replayed' in outcome) return answerMoved(outcome.replayed, { 'idempotency-replayed': 'true' });
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
