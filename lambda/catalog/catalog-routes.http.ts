import {
  type CategoriesDeps,
  createCategoryRoute,
  deleteCategoryRoute,
  getCategoryRoute,
  listCategoriesRoute,
  updateCategoryRoute,
} from './categories.http';
import { createProductRoute, deleteProductRoute, updateProductRoute } from './change-products.http';
import { type ImportProductsDeps, importProductsRoute } from './import-products.http';
import {
  attachProductImageRoute,
  createProductImageRoute,
  deleteProductImageRoute,
  type ProductImagesDeps,
} from './product-images.http';
import { getProductRoute, listProductsRoute, type ReadProductsDeps } from './read-products.http';

export type CatalogDeps = ReadProductsDeps & ProductImagesDeps & ImportProductsDeps & CategoriesDeps;

/** All routes of the catalog. */
export const catalogRoutes = (deps: CatalogDeps) => ({
  createProduct: createProductRoute(deps),
  listProducts: listProductsRoute(deps),
  importProducts: importProductsRoute(deps),
  getProduct: getProductRoute(deps),
  updateProduct: updateProductRoute(deps),
  deleteProduct: deleteProductRoute(deps),
  createProductImage: createProductImageRoute(deps),
  attachProductImage: attachProductImageRoute(deps),
  deleteProductImage: deleteProductImageRoute(deps),
  createCategory: createCategoryRoute(deps),
  listCategories: listCategoriesRoute(deps),
  getCategory: getCategoryRoute(deps),
  updateCategory: updateCategoryRoute(deps),
  deleteCategory: deleteCategoryRoute(deps),
});
