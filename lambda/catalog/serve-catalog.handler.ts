import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { routes } from '../contracts/routes';
import { bucketAddress } from '../kernel/bucket';
import { cursorEnv } from '../kernel/cursor';
import { documentClient } from '../kernel/dynamodb';
import { edgeEnv, edgeOf } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http';
import { rotatingSecret } from '../kernel/secret';
import { tenantClients, tenantRoutes } from '../kernel/tenant-client';
import { tenantRoleEnv } from '../kernel/tenant-role';
import { catalogRoutes } from './catalog-routes.http';
import { categoryStore } from './category.store';
import { serveCatalogEnv } from './env';
import { imageGateway } from './image.gateway';
import { productStore } from './product.store';

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

export const handler = secret.keptFreshFor(
  serve(
    routes,
    tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), routesOf),
    edgeOf(readEnv(edgeEnv), documentClient()),
  ),
);
