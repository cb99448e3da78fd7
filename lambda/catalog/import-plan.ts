import { type FileError, maxFileErrors, type ProductFile, type ProductRow } from '../contracts/product-file';
import { type Caller, sellingOf } from '../kernel/caller';
import { type Cause, createProduct, type Product, updateProduct } from './product';
import { changeOf, fieldsOf } from './product-input';

/** What the catalog has of what a file names. */
export type Known = { readonly products: ReadonlyMap<string, Product>; readonly categories: ReadonlySet<string> };

type PlannedChange = { readonly before: Product | undefined; readonly next: Product };

/** What an import writes, and what is wrong with its rows: with any error, it writes nothing. */
export type ImportPlan = {
  readonly changes: readonly PlannedChange[];
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** The first of them, by row. */
  readonly errors: readonly FileError[];
  readonly errorCount: number;
};

type Planned = PlannedChange | { readonly column: string; readonly detail: string };

const wrong = ({ pointer, detail }: { pointer: string; detail: string }) => ({ column: pointer.slice(1), detail });

/** Whose file it is. */
type Importer = Pick<Caller, 'tenant' | 'selling'>;

const planNew = (importer: Importer, row: ProductRow, before: Product | undefined, cause: Cause): Planned => {
  const { tenant } = importer;
  const fields = fieldsOf(row, sellingOf(importer));
  if (!fields.accepted) return wrong(fields.reason);
  const created = createProduct({ tenant, productId: row.productId }, before, fields.fact, cause);
  if (!created.accepted) return { column: 'productId', detail: 'exists already' };
  return { before, next: created.fact };
};

const planKnown = (
  importer: Importer,
  { productId: _, stock: __, ...row }: ProductRow,
  before: Product,
  cause: Cause,
): Planned => {
  const change = changeOf(row, before, sellingOf(importer));
  if (!change.accepted) return wrong(change.reason);
  const updated = updateProduct(before, change.fact, cause);
  return updated.accepted
    ? { before, next: updated.fact }
    : { column: 'productId', detail: `Product ${before.productId} is discontinued` };
};

const unknownCategories = ({ categories }: Known, row: number, { categories: named = [] }: ProductRow): FileError[] =>
  named
    .filter((categoryId) => !categories.has(categoryId))
    .map((categoryId) => ({ row, column: 'categories', detail: `Category ${categoryId} not found` }));

/** Decides what the rows of a file make of the catalog. Products that it does not name stay as they are. */
export const planImport = (importer: Importer, file: ProductFile, known: Known, cause: Cause): ImportPlan => {
  const errors: FileError[] = [...file.errors];
  const planned: PlannedChange[] = [];
  for (const [row, given] of file.rows) {
    errors.push(...unknownCategories(known, row, given));
    const before = known.products.get(given.productId);
    const isNew = before === undefined || before.life === 'deleted';
    const plan = isNew ? planNew(importer, given, before, cause) : planKnown(importer, given, before, cause);
    if ('next' in plan) planned.push(plan);
    else errors.push({ row, ...plan });
  }
  const changes = planned.filter(({ before, next }) => next !== before);
  const created = changes.filter(({ next }) => next.fact.type === 'ProductCreated').length;
  const unchanged = planned.length - changes.length;
  return {
    changes,
    created,
    updated: changes.length - created,
    unchanged,
    errors: errors.sort((one, other) => one.row - other.row).slice(0, maxFileErrors),
    errorCount: file.errorCount - file.errors.length + errors.length,
  };
};
