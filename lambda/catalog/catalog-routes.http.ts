import {
  type CategoriesDeps,
  createCategoryRoute,
  deleteCategoryRoute,
  getCategoryRoute,
  listCategoriesRoute,
  updateCategoryRoute,
} from './categories/categories.http';
import { createProductRoute, deleteProductRoute, updateProductRoute } from './products/change-products.http';
import { type ImportProductsDeps, importProductsRoute } from './products/import-products.http';
import {
  attachProductImageRoute,
  createProductImageRoute,
  deleteProductImageRoute,
  type ProductImagesDeps,
} from './products/product-images.http';
import { getProductRoute, listProductsRoute, type ReadProductsDeps } from './products/read-products.http';

export type CatalogDeps = ReadProductsDeps & ProductImagesDeps & ImportProductsDeps & CategoriesDeps;

/** The handlers of all catalog routes. */
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
