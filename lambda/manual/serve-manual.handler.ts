import { routes } from '../contracts/api/routes';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { middlewareEnv, openMiddlewareOf } from '../kernel/http/middleware';
import { serve } from '../kernel/http/serve';
import { pageFiles } from './page-files.gateway';
import { manualRoutes } from './serve-manual.http';

// public: no authentication
export const handler = serve(
  routes,
  manualRoutes(pageFiles(new URL('./', import.meta.url))),
  openMiddlewareOf(readEnv(middlewareEnv), documentClient()),
);
