import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { routes } from '../contracts/api/routes';
import { bucketAddress } from '../kernel/aws/bucket';
import { rotatingSecret } from '../kernel/aws/secret';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { tenantClients, tenantRoleEnv, tenantRoutes } from '../kernel/dynamodb/tenant-client';
import { readEnv } from '../kernel/env';
import { cursorEnv } from '../kernel/http/list-page';
import { middlewareEnv, middlewareOf } from '../kernel/http/middleware';
import { serve } from '../kernel/http/serve';
import { catalogRoutes } from './catalog-routes.http';
import { categoryStore } from './categories/category.store';
import { serveCatalogEnv } from './env';
import { imageGateway } from './products/image.gateway';
import { productStore } from './products/product.store';

const env = readEnv(serveCatalogEnv);
const now = () => new Date();
const secret = await rotatingSecret(readEnv(cursorEnv).CURSOR_SECRET_ARN);
const images = imageGateway({ name: env.IMAGES_BUCKET, ...bucketAddress(env.IMAGES_BUCKET) }, now);
const tables = { products: env.PRODUCTS_TABLE, categories: env.CATEGORIES_TABLE };

const routesOf = (db: DynamoDBDocumentClient) =>
  catalogRoutes({
    products: productStore(tables, db),
    categories: categoryStore(env.CATEGORIES_TABLE, db),
    images,
    cursorSecret: secret,
    newImageId: randomUUID,
    now,
  });

export const handler = secret.refreshBefore(
  serve(
    routes,
    tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), routesOf),
    middlewareOf(readEnv(middlewareEnv), documentClient()),
  ),
);
