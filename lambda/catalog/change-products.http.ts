import { CreateProductRequest, UpdateProductRequest } from '../contracts/product-api';
import { type Answer, isProblem, type ProblemAnswer } from '../kernel/answer';
import { sellingOf } from '../kernel/caller';
import type { Decision } from '../kernel/decision';
import type { Request } from '../kernel/http';
import { etag, parseBody } from '../kernel/http-input';
import {
  busy,
  causeOf,
  isThere,
  productKeyOf,
  productNotFound,
  productRetired,
  productView,
  refuse,
  refuseStale,
  type Seen,
  seenBy,
  type ViewDeps,
  wrongFields,
} from './catalog.http';
import {
  createProduct,
  type Product,
  type ProductFields,
  type ProductKey,
  removeProduct,
  updateProduct,
} from './product';
import type { ProductStore } from './product.store';
import { changeOf, fieldsOf } from './product-input';
import type { ProductChange } from './product-writes.store';

export type ChangeProductsDeps = ViewDeps & {
  readonly products: Pick<ProductStore, 'get' | 'save'>;
  readonly now: () => Date;
};

const tries = 5;

const unknownCategories = (categories: readonly string[], ids: readonly string[]): ProblemAnswer =>
  wrongFields(
    ids.map((id) => ({ pointer: `/categories/${categories.indexOf(id)}`, detail: `Category ${id} not found` })),
  );

/** Writes what was decided. Nothing when somebody else was first: read it again and decide again. */
const save = async (
  { products }: Pick<ChangeProductsDeps, 'products'>,
  change: ProductChange,
): Promise<Product | ProblemAnswer | undefined> => {
  const outcome = await products.save(change);
  if (outcome.saved) return change.next;
  if (outcome.unknownCategories.length === 0) return undefined;
  return unknownCategories(change.next.categories, outcome.unknownCategories);
};

const untilDone = async (attempt: () => Promise<Product | ProblemAnswer | undefined>) => {
  for (let tried = 0; tried < tries; tried += 1) {
    const done = await attempt();
    if (done !== undefined) return done;
  }
  return busy;
};

/** Decides what a product is to become; a problem when it is not to be. */
type Decide = (product: Product) => Product | ProblemAnswer;

/** Loads the product, decides, and writes with the version as the condition. What stays as it is, is not written. */
export const changeProduct = (
  deps: Pick<ChangeProductsDeps, 'products'>,
  key: ProductKey,
  seen: Seen,
  decide: Decide,
): Promise<Product | ProblemAnswer> =>
  untilDone(async () => {
    const before = await deps.products.get(key);
    if (!isThere(before)) return productNotFound(key.productId);
    const next = refuseStale(seen, before.version) ?? decide(before);
    return isProblem(next) || next === before ? next : save(deps, { before, next });
  });

/** The changed product, or why it was not changed. */
export const changedAnswer = async (deps: ViewDeps, changed: Product | ProblemAnswer, status = 200): Promise<Answer> =>
  isProblem(changed) ? changed : { status, body: await productView(deps, changed), headers: etag(changed.version) };

const create = (
  deps: ChangeProductsDeps,
  request: Request,
  key: ProductKey,
  fields: ProductFields,
): Promise<Product | ProblemAnswer> =>
  untilDone(async () => {
    const before = await deps.products.get(key);
    const decided = createProduct(key, before, fields, causeOf(request, deps.now()));
    if (!decided.accepted) return refuse('ProductExists', `Product ${key.productId} exists already.`);
    return save(deps, { before, next: decided.fact });
  });

/** `POST /products`. */
export const createProductRoute =
  (deps: ChangeProductsDeps) =>
  async (request: Request): Promise<Answer> => {
    const parsed = parseBody(request, CreateProductRequest);
    if (isProblem(parsed)) return parsed;
    const { productId = parsed.body.sku ?? '' } = parsed.body;
    const fields = fieldsOf(parsed.body, sellingOf(request.caller));
    if (!fields.accepted) return wrongFields([fields.reason]);
    const created = await create(deps, request, { tenant: request.caller.tenant, productId }, fields.fact);
    const answer = await changedAnswer(deps, created, 201);
    return isProblem(answer)
      ? answer
      : { ...answer, headers: { ...answer.headers, location: `/products/${productId}` } };
  };

const orRetired = (product: Product, decided: Decision<Product, 'retired'>): Product | ProblemAnswer =>
  decided.accepted ? decided.fact : productRetired(product);

/** `PATCH /products/{productId}`. */
export const updateProductRoute =
  (deps: ChangeProductsDeps) =>
  async (request: Request): Promise<Answer> => {
    const key = productKeyOf(request);
    if (isProblem(key)) return key;
    const parsed = parseBody(request, UpdateProductRequest);
    if (isProblem(parsed)) return parsed;
    const seen = seenBy(request, parsed.body.expectedVersion);
    if (isProblem(seen)) return seen;
    const changed = await changeProduct(deps, key, seen, (product) => {
      const change = changeOf(parsed.body, product, sellingOf(request.caller));
      if (!change.accepted) return wrongFields([change.reason]);
      return orRetired(product, updateProduct(product, change.fact, causeOf(request, deps.now())));
    });
    return changedAnswer(deps, changed);
  };

/** `DELETE /products/{productId}`: 200 with the product when it is retired, 204 when it is deleted. */
export const deleteProductRoute =
  (deps: ChangeProductsDeps) =>
  async (request: Request): Promise<Answer> => {
    const key = productKeyOf(request);
    if (isProblem(key)) return key;
    const seen = seenBy(request);
    if (isProblem(seen)) return seen;
    const removed = await changeProduct(deps, key, seen, (product) =>
      removeProduct(product, causeOf(request, deps.now())),
    );
    return !isProblem(removed) && removed.life === 'deleted' ? { status: 204 } : changedAnswer(deps, removed);
  };
