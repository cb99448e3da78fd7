import { checkText, type Decoded, decodeText } from '../contracts/encoding';
import { ImportQuery, type ImportReport, maxImportBytes } from '../contracts/product-api';
import { type ProductFile, readProductFile } from '../contracts/product-file';
import { type Answer, isProblem, type ProblemAnswer } from '../kernel/answer';
import { leftOut, pointerTo } from '../kernel/error-list';
import type { Request } from '../kernel/http';
import { parseQuery, refuseBody } from '../kernel/http-input';
import { mediaTypeOf } from '../kernel/media-type';
import { busy, causeOf, wrongFields } from './catalog.http';
import type { CategoryStore } from './category.store';
import { type ImportPlan, planImport } from './import-plan';
import { maxWrites, type ProductStore } from './product.store';

export type ImportProductsDeps = {
  readonly products: Pick<ProductStore, 'getMany' | 'save' | 'countWrites'>;
  readonly categories: Pick<CategoryStore, 'existing'>;
  readonly now: () => Date;
};

const tries = 3;
const maxRows = 1000;
const elsewhere = {
  stock: 'the catalog keeps no stock: leave the column out, and change stock by PATCH /inventory/{productId}',
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
    `Nothing was imported: ${errorCount} cells are wrong.${leftOut(errorCount, errors.length)}`,
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

type Asked = { readonly file: ProductFile; readonly dryRun: boolean };

/** Imports the file as it is planned now. Nothing when the catalog has changed meanwhile: plan again. */
const attempt = async (
  deps: ImportProductsDeps,
  request: Request,
  { file, dryRun }: Asked,
): Promise<Answer | undefined> => {
  const planned = await plan(deps, request, file);
  const writes = deps.products.countWrites(planned.changes);
  if (writes > maxWrites) return tooLarge(writes);
  if (dryRun) return reportOf(file, planned, true);
  if (planned.errors.length > 0) return withErrors(planned);
  const saved = planned.changes.length === 0 || (await deps.products.save(...planned.changes)).saved;
  return saved ? reportOf(file, planned, false) : undefined;
};

const howToSave =
  'Save it in Excel as "CSV UTF-8", or send it with the charset that it has: Content-Type: text/csv; charset=shift_jis';

/** The text of the file by its byte order mark, its charset, or as UTF-8. */
const textOf = ({ body, bytes, header }: Request): Decoded =>
  bytes === undefined ? checkText(body) : decodeText(bytes, mediaTypeOf(header('content-type'))?.charset);

const parse = (request: Request): Asked | ProblemAnswer => {
  const refused = refuseBody(request, 'text/csv', maxImportBytes);
  if (refused !== undefined) return refused;
  const parsed = parseQuery(request, ImportQuery);
  if (isProblem(parsed)) return parsed;
  const decoded = textOf(request);
  if ('refused' in decoded) return noFile(`it ${decoded.refused}. ${howToSave}`);
  const read = readProductFile(decoded.text, { maxRows, elsewhere });
  return 'file' in read ? { file: read.file, dryRun: parsed.query.dryRun === 'true' } : noFile(read.refused);
};

/** `POST /products/import`: all rows in one transaction, or nothing. */
export const importProductsRoute =
  (deps: ImportProductsDeps) =>
  async (request: Request): Promise<Answer> => {
    const asked = parse(request);
    if (isProblem(asked)) return asked;
    for (let tried = 0; tried < tries; tried += 1) {
      const answer = await attempt(deps, request, asked);
      if (answer !== undefined) return answer;
    }
    return busy;
  };
