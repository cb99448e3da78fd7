import { ImportQuery, type ImportReport, maxImportBytes } from '../../contracts/api/product-api';
import { checkText, type Decoded, decodeText } from '../../contracts/files/encoding';
import {
  type FileError,
  maxFileErrors,
  type ProductFile,
  type ProductRow,
  readProductFile,
} from '../../contracts/files/product-file';
import { sellingOf } from '../../contracts/values/selling';
import { type Answer, isProblem, type ProblemAnswer, wrongFields } from '../../kernel/http/answer';
import type { Caller } from '../../kernel/http/caller';
import { leftOut, parseQuery, pointerTo, refuseBody } from '../../kernel/http/input';
import { mediaTypeOf } from '../../kernel/http/request';
import type { Request } from '../../kernel/http/route';
import { type Conflict, conflict, retryOnConflict } from '../../kernel/retry';
import { busy, causeOf } from '../catalog.http';
import type { CategoryStore } from '../categories/category.store';
import { changeOf, fieldsOf } from './change-products.http';
import { type Cause, createProduct, type Product, updateProduct } from './product';
import { maxWrites, type ProductStore } from './product.store';

/** The existing products and categories that a file names. */
export type ExistingCatalog = {
  readonly products: ReadonlyMap<string, Product>;
  readonly categories: ReadonlySet<string>;
};

type PlannedChange = { readonly before: Product | undefined; readonly next: Product };

/** The changes of an import and the errors of its rows. With any error, nothing is written. */
export type ImportPlan = {
  readonly changes: readonly PlannedChange[];
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** The first errors, by row. */
  readonly errors: readonly FileError[];
  readonly errorCount: number;
};

type Planned = PlannedChange | { readonly column: string; readonly detail: string };

const cellError = ({ pointer, detail }: { pointer: string; detail: string }) => ({ column: pointer.slice(1), detail });

/** The caller's tenant and its selling defaults. */
type Importer = Pick<Caller, 'tenant' | 'selling'>;

const planNew = (importer: Importer, row: ProductRow, before: Product | undefined, cause: Cause): Planned => {
  const { tenant } = importer;
  const fields = fieldsOf(row, sellingOf(importer));
  if (!fields.accepted) return cellError(fields.reason);
  const created = createProduct({ tenant, productId: row.productId }, before, fields.fact, cause);
  if (!created.accepted) return { column: 'productId', detail: 'exists already' };
  return { before, next: created.fact };
};

const planExisting = (
  importer: Importer,
  { productId: _, stock: __, ...row }: ProductRow,
  before: Product,
  cause: Cause,
): Planned => {
  const change = changeOf(row, before, sellingOf(importer));
  if (!change.accepted) return cellError(change.reason);
  const updated = updateProduct(before, change.fact, cause);
  return updated.accepted
    ? { before, next: updated.fact }
    : { column: 'productId', detail: `Product ${before.productId} is discontinued` };
};

const unknownCategories = (
  { categories }: ExistingCatalog,
  row: number,
  { categories: named = [] }: ProductRow,
): FileError[] =>
  named
    .filter((categoryId) => !categories.has(categoryId))
    .map((categoryId) => ({ row, column: 'categories', detail: `Category ${categoryId} not found` }));

/** Decides the changes of an import. Products that the file does not name stay unchanged. */
export const planImport = (importer: Importer, file: ProductFile, known: ExistingCatalog, cause: Cause): ImportPlan => {
  const errors: FileError[] = [...file.errors];
  const planned: PlannedChange[] = [];
  for (const [row, given] of file.rows) {
    errors.push(...unknownCategories(known, row, given));
    const before = known.products.get(given.productId);
    const isNew = before === undefined || before.life === 'deleted';
    const plan = isNew ? planNew(importer, given, before, cause) : planExisting(importer, given, before, cause);
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

export type ImportProductsDeps = {
  readonly products: Pick<ProductStore, 'getMany' | 'save' | 'countWrites'>;
  readonly categories: Pick<CategoryStore, 'existing'>;
  readonly now: () => Date;
};

const maxAttempts = 3;
const maxRows = 1000;
const elsewhere = {
  stock: 'the catalog has no stock: leave the column out, and change stock by PATCH /inventory/{productId}',
};

const noFile = (detail: string) =>
  wrongFields([{ pointer: '', detail }], 'The body is not a CSV file of products that can be imported.');

const tooLarge = (writes: number) =>
  noFile(
    `it makes ${writes} changes, and one import takes ${maxWrites}: a new or changed product is one, one more for each ` +
      'category that it enters or leaves, and one for each of these categories. Split the file.',
  );

const withErrors = ({ errors, errorCount }: ImportPlan): ProblemAnswer =>
  wrongFields(
    errors.map(({ row, column, detail }) => ({ pointer: `/rows/${row}${pointerTo([column])}`, detail })),
    `Nothing was imported: ${errorCount === 1 ? '1 cell is' : `${errorCount} cells are`} wrong.${leftOut(errorCount, errors.length)}`,
  );

const reportOf = (file: ProductFile, plan: ImportPlan, dryRun: boolean): Answer => {
  const { created, updated, unchanged, errors, errorCount } = plan;
  const body: ImportReport = {
    ...{ dryRun, rows: file.count, created, updated, unchanged, errors: [...errors] },
    ...(errorCount > errors.length ? { errorCount } : {}),
  };
  return { status: 200, body };
};

const plan = async ({ products, categories, now }: ImportProductsDeps, request: Request, file: ProductFile) => {
  const { tenant } = request.caller;
  const rows = [...file.rows.values()];
  const named = new Set(rows.flatMap((row) => row.categories ?? []));
  const ids = new Set(rows.map(({ productId }) => productId));
  const [known, existing] = await Promise.all([
    products.getMany(tenant, [...ids]),
    categories.existing(tenant, [...named]),
  ]);
  return planImport(request.caller, file, { products: known, categories: existing }, causeOf(request, now()));
};

type ImportRequest = { readonly file: ProductFile; readonly dryRun: boolean };

/** Plans and writes an import. */
const attempt = async (
  deps: ImportProductsDeps,
  request: Request,
  { file, dryRun }: ImportRequest,
): Promise<Answer | Conflict> => {
  const planned = await plan(deps, request, file);
  const writes = deps.products.countWrites(planned.changes);
  if (writes > maxWrites) return tooLarge(writes);
  if (dryRun) return reportOf(file, planned, true);
  if (planned.errors.length > 0) return withErrors(planned);
  const saved = planned.changes.length === 0 || (await deps.products.save(...planned.changes)).saved;
  return saved ? reportOf(file, planned, false) : conflict;
};

const howToSave =
  'Save it in Excel as "CSV UTF-8", or send it with the charset that it has: Content-Type: text/csv; charset=shift_jis';

/** Decodes the file by its byte order mark, its charset, or as UTF-8. */
const textOf = ({ body, bytes, header }: Request): Decoded =>
  bytes === undefined ? checkText(body) : decodeText(bytes, mediaTypeOf(header('content-type'))?.charset);

const parse = (request: Request): ImportRequest | ProblemAnswer => {
  const refused = refuseBody(request, 'text/csv', maxImportBytes);
  if (refused !== undefined) return refused;
  const parsed = parseQuery(request, ImportQuery);
  if (isProblem(parsed)) return parsed;
  const decoded = textOf(request);
  if ('refused' in decoded) return noFile(`it ${decoded.refused}. ${howToSave}`);
  const read = readProductFile(decoded.text, { maxRows, elsewhere });
  return 'file' in read ? { file: read.file, dryRun: parsed.query.dryRun === 'true' } : noFile(read.refused);
};

/** `POST /products/import`: imports all rows in one transaction, or none. */
export const importProductsRoute =
  (deps: ImportProductsDeps) =>
  async (request: Request): Promise<Answer> => {
    const parsed = parse(request);
    if (isProblem(parsed)) return parsed;
    return retryOnConflict({ attempts: maxAttempts, onExhausted: () => busy }, () => attempt(deps, request, parsed));
  };
