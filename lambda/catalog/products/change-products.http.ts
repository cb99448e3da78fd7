import type { FieldError } from '../../contracts/api/problem';
import { CreateProductRequest, UpdateProductRequest } from '../../contracts/api/product-api';
import { Amount, maxAmount, minorDigits, toMinor } from '../../contracts/values/money';
import { type Selling, sellingOf } from '../../contracts/values/selling';
import { accept, type Decision, reject } from '../../kernel/decision';
import {
  type Answer,
  type ExpectedVersions,
  isProblem,
  type ProblemAnswer,
  refuse,
  wrongFields,
} from '../../kernel/http/answer';
import { etag, parseBody } from '../../kernel/http/input';
import type { Request } from '../../kernel/http/route';
import { type Conflict, conflict, retryOnConflict } from '../../kernel/retry';
import {
  busy,
  causeOf,
  expectedVersions,
  isExisting,
  productKeyOf,
  productNotFound,
  productRetired,
  productView,
  refuseVersion,
  type ViewDeps,
} from '../catalog.http';
import {
  createProduct,
  type Product,
  type ProductFields,
  type ProductKey,
  removeProduct,
  updateProduct,
} from './product';
import type { ProductStore } from './product.store';
import type { ProductChange } from './product-writes.store';

/** Returns basis points for a tax rate in percent, or for the tenant's standard or reduced rate. */
const bpsOf = (taxRate: number | 'standard' | 'reduced', { standardTaxBps, reducedTaxBps }: Selling): number => {
  if (taxRate === 'standard') return standardTaxBps;
  return taxRate === 'reduced' ? reducedTaxBps : Math.round(taxRate * 100);
};

/** Converts a price in major units to minor units, or rejects it. */
const priceIn = (price: number, currency: string): Decision<number, string> => {
  const minor = toMinor(price, currency);
  if (minor === undefined) return reject(`must have at most ${minorDigits(currency)} decimals, as ${currency} has`);
  return Amount.safeParse(minor).success
    ? accept(minor)
    : reject(`must be at most ${maxAmount} minor units of ${currency}`);
};

type Input<Fields> = Decision<Fields, FieldError>;

/** Returns the fields of a new product, with the tenant's selling defaults. */
export const fieldsOf = (body: CreateProductRequest, selling: Selling): Input<ProductFields> => {
  const { currency = selling.currency, taxRate = 'standard', categories = [], status = true } = body;
  const price = priceIn(body.price, currency);
  if (!price.accepted) return reject({ pointer: '/price', detail: price.reason });
  const { name, description, rating } = body;
  const taxRateBps = bpsOf(taxRate, selling);
  return accept({ name, description, rating, price: price.fact, currency, taxRateBps, categories, status });
};

const nullToUndefined = <Value>(value: Value | null): Value | undefined => (value === null ? undefined : value);

/** Returns the changed fields of a product. */
export const changeOf = (
  body: UpdateProductRequest,
  { currency: currencyNow }: Pick<ProductFields, 'currency'>,
  selling: Selling,
): Input<Partial<ProductFields>> => {
  const { expectedVersion: _, taxRate, price, description, rating, ...same } = body;
  const minor = price === undefined ? undefined : priceIn(price, body.currency ?? currencyNow);
  if (minor?.accepted === false) return reject({ pointer: '/price', detail: minor.reason });
  return accept({
    ...same,
    ...(minor === undefined ? {} : { price: minor.fact }),
    ...(taxRate === undefined ? {} : { taxRateBps: bpsOf(taxRate, selling) }),
    ...(description === undefined ? {} : { description: nullToUndefined(description) }),
    ...(rating === undefined ? {} : { rating: nullToUndefined(rating) }),
  } as Partial<ProductFields>);
};

export type ChangeProductsDeps = ViewDeps & {
  readonly products: Pick<ProductStore, 'get' | 'save'>;
  readonly now: () => Date;
};

const maxAttempts = 5;

const unknownCategories = (categories: readonly string[], ids: readonly string[]): ProblemAnswer =>
  wrongFields(
    ids.map((id) => ({ pointer: `/categories/${categories.indexOf(id)}`, detail: `Category ${id} not found` })),
  );

const save = async (
  { products }: Pick<ChangeProductsDeps, 'products'>,
  change: ProductChange,
): Promise<Product | ProblemAnswer | Conflict> => {
  const outcome = await products.save(change);
  if (outcome.saved) return change.next;
  if (outcome.unknownCategories.length === 0) return conflict;
  return unknownCategories(change.next.categories, outcome.unknownCategories);
};

const untilSaved = (attempt: () => Promise<Product | ProblemAnswer | Conflict>) =>
  retryOnConflict({ attempts: maxAttempts, onExhausted: () => busy }, attempt);

/** Returns the next version of a product, or a problem. */
type Decide = (product: Product) => Product | ProblemAnswer;

/** Loads a product, decides and saves on the condition of its version. An unchanged product is not written. */
export const changeProduct = (
  deps: Pick<ChangeProductsDeps, 'products'>,
  key: ProductKey,
  versions: ExpectedVersions,
  decide: Decide,
): Promise<Product | ProblemAnswer> =>
  untilSaved(async () => {
    const before = await deps.products.get(key);
    if (!isExisting(before)) return productNotFound(key.productId);
    const next = refuseVersion(versions, before.version) ?? decide(before);
    return isProblem(next) || next === before ? next : save(deps, { before, next });
  });

/** Returns the answer with the changed product, or the problem. */
export const changedAnswer = async (deps: ViewDeps, changed: Product | ProblemAnswer, status = 200): Promise<Answer> =>
  isProblem(changed) ? changed : { status, body: await productView(deps, changed), headers: etag(changed.version) };

const create = (
  deps: ChangeProductsDeps,
  request: Request,
  key: ProductKey,
  fields: ProductFields,
): Promise<Product | ProblemAnswer> =>
  untilSaved(async () => {
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
    const versions = expectedVersions(request, parsed.body.expectedVersion);
    if (isProblem(versions)) return versions;
    const changed = await changeProduct(deps, key, versions, (product) => {
      const change = changeOf(parsed.body, product, sellingOf(request.caller));
      if (!change.accepted) return wrongFields([change.reason]);
      return orRetired(product, updateProduct(product, change.fact, causeOf(request, deps.now())));
    });
    return changedAnswer(deps, changed);
  };

/** `DELETE /products/{productId}`. Returns 200 with a retired product, or 204 for a deleted one. */
export const deleteProductRoute =
  (deps: ChangeProductsDeps) =>
  async (request: Request): Promise<Answer> => {
    const key = productKeyOf(request);
    if (isProblem(key)) return key;
    const versions = expectedVersions(request);
    if (isProblem(versions)) return versions;
    const removed = await changeProduct(deps, key, versions, (product) =>
      removeProduct(product, causeOf(request, deps.now())),
    );
    return !isProblem(removed) && removed.life === 'deleted' ? { status: 204 } : changedAnswer(deps, removed);
  };
