import {
  type CategoryView,
  CreateCategoryRequest,
  ListCategoriesQuery,
  UpdateCategoryRequest,
} from '../../contracts/api/category-api';
import type { Secrets } from '../../kernel/aws/secret';
import { type Answer, type ExpectedVersions, isProblem, type ProblemAnswer, refuse } from '../../kernel/http/answer';
import { etag, parseBody, parseQuery } from '../../kernel/http/input';
import { answerPage, type PageAfter, type PageKey } from '../../kernel/http/list-page';
import type { Request } from '../../kernel/http/route';
import { type Conflict, conflict, retryOnConflict } from '../../kernel/retry';
import { busy, categoryKeyOf, categoryNotFound, expectedVersions, IndexKey, refuseVersion } from '../catalog.http';
import type { CategoryStore } from './category.store';
import { type Category, type CategoryKey, createCategory, renameCategory } from './category.store';

export type CategoriesDeps = {
  readonly categories: Pick<CategoryStore, 'get' | 'list' | 'create' | 'rename' | 'remove'>;
  readonly cursorSecret: Secrets;
  readonly now: () => Date;
};

const view = ({ tenant: _, ...category }: Category): CategoryView => category;

const answer = (category: Category, status = 200): Answer => ({
  status,
  body: view(category),
  headers: {
    ...etag(category.version),
    ...(status === 201 ? { location: `/categories/${category.categoryId}` } : {}),
  },
});

const exists = (what: string) => refuse('CategoryExists', `A category with this ${what} exists already.`);

/** `POST /categories`. */
export const createCategoryRoute =
  ({ categories, now }: CategoriesDeps) =>
  async (request: Request): Promise<Answer> => {
    const parsed = parseBody(request, CreateCategoryRequest);
    if (isProblem(parsed)) return parsed;
    const { categoryId, name } = parsed.body;
    const category = createCategory({ tenant: request.caller.tenant, categoryId }, name, now().toISOString());
    const outcome = await categories.create(category);
    if (outcome === 'created') return answer(category, 201);
    return exists(outcome === 'id-taken' ? 'ID' : 'name');
  };

/** `GET /categories`. */
export const listCategoriesRoute =
  ({ categories, cursorSecret }: CategoriesDeps) =>
  async (request: Request): Promise<Answer> => {
    const parsed = parseQuery(request, ListCategoriesQuery);
    if (isProblem(parsed)) return parsed;
    const { tenant } = request.caller;
    const list = { secret: cursorSecret, scope: { tenant, list: 'categories' }, key: IndexKey };
    const read = ({ limit, after }: PageAfter<PageKey>) => categories.list(tenant, { limit, start: after });
    return answerPage(parsed.query, list, read, view);
  };

/** `GET /categories/{categoryId}`. */
export const getCategoryRoute =
  ({ categories }: CategoriesDeps) =>
  async (request: Request): Promise<Answer> => {
    const key = categoryKeyOf(request);
    if (isProblem(key)) return key;
    const category = await categories.get(key);
    if (category === undefined) return categoryNotFound(key.categoryId);
    const headers = etag(category.version);
    return request.header('if-none-match') === headers.etag ? { status: 304, headers } : answer(category);
  };

const maxAttempts = 5;

/** Loads a category and writes the change. Retries when another writer was faster. */
const change = async (
  { categories }: CategoriesDeps,
  key: CategoryKey,
  versions: ExpectedVersions,
  write: (category: Category) => Promise<Answer | Conflict>,
): Promise<Answer> =>
  retryOnConflict({ attempts: maxAttempts, onExhausted: () => busy }, async () => {
    const category = await categories.get(key);
    if (category === undefined) return categoryNotFound(key.categoryId);
    return refuseVersion(versions, category.version) ?? write(category);
  });

/** `PATCH /categories/{categoryId}`. */
export const updateCategoryRoute =
  (deps: CategoriesDeps) =>
  async (request: Request): Promise<Answer> => {
    const key = categoryKeyOf(request);
    if (isProblem(key)) return key;
    const parsed = parseBody(request, UpdateCategoryRequest);
    if (isProblem(parsed)) return parsed;
    const versions = expectedVersions(request, parsed.body.expectedVersion);
    if (isProblem(versions)) return versions;
    return change(deps, key, versions, async (before) => {
      const next = renameCategory(before, parsed.body.name, deps.now().toISOString());
      const outcome = next === before ? 'renamed' : await deps.categories.rename(before, next);
      if (outcome === 'name-taken') return exists('name');
      return outcome === 'renamed' ? answer(next) : conflict;
    });
  };

const inUse: ProblemAnswer = refuse('CategoryInUse', 'Products are in this category: take them out of it first.');

/** `DELETE /categories/{categoryId}`. */
export const deleteCategoryRoute =
  (deps: CategoriesDeps) =>
  async (request: Request): Promise<Answer> => {
    const key = categoryKeyOf(request);
    if (isProblem(key)) return key;
    const versions = expectedVersions(request);
    if (isProblem(versions)) return versions;
    return change(deps, key, versions, async (category) => {
      const outcome = await deps.categories.remove(category);
      if (outcome === 'in-use') return inUse;
      return outcome === 'removed' ? { status: 204 } : conflict;
    });
  };
