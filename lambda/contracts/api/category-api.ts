import * as z from 'zod';
import { CategoryId } from '../events/catalog-events';
import { freeText } from '../values/text';
import type { OperationContract } from './operation';
import { page, pageOf } from './page';
import type { Operation } from './routes';

/** Body of `POST /categories`. */
export const CreateCategoryRequest = z.strictObject({ categoryId: CategoryId, name: freeText(100) });

/** Body of `PATCH /categories/{categoryId}`. */
export const UpdateCategoryRequest = z.strictObject({
  name: freeText(100),
  expectedVersion: z.int().positive().optional(),
});

export const CategoryView = z.object({
  categoryId: CategoryId,
  name: z.string(),
  version: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type CategoryView = z.infer<typeof CategoryView>;

export const ListCategoriesQuery = z.strictObject(page);

const changed = ['PreconditionFailed', 'VersionMismatch'] as const;

/** The contracts of the category operations. */
export const categoryOperations = {
  createCategory: {
    summary: 'Add a category',
    tag: 'Categories',
    body: CreateCategoryRequest,
    answers: { 201: CategoryView },
    sends: ['Location'],
    problems: ['CategoryExists'],
    etag: true,
  },
  listCategories: {
    summary: 'List categories',
    tag: 'Categories',
    query: ListCategoriesQuery,
    answers: { 200: pageOf(CategoryView) },
    problems: [],
  },
  getCategory: {
    summary: 'Read a category',
    tag: 'Categories',
    answers: { 200: CategoryView },
    problems: ['CategoryNotFound'],
    etag: true,
  },
  updateCategory: {
    summary: 'Rename a category',
    tag: 'Categories',
    body: UpdateCategoryRequest,
    answers: { 200: CategoryView },
    problems: ['CategoryNotFound', 'CategoryExists', ...changed],
    etag: true,
  },
  deleteCategory: {
    summary: 'Delete a category that no product is in',
    tag: 'Categories',
    answers: { 204: null },
    problems: ['CategoryNotFound', 'CategoryInUse', ...changed],
    etag: true,
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;
