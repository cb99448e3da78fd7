import { routes } from '../contracts/routes';
import { guest } from '../kernel/caller';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http';
import { defaultTenant } from '../kernel/tenant';
import { serveManualEnv } from './env';
import { pageFiles } from './page-files.gateway';
import { manualRoutes } from './serve-manual.http';

const { CORS_ORIGINS: origins } = readEnv(serveManualEnv);

export const handler = serve(routes, manualRoutes(pageFiles(new URL('./', import.meta.url))), {
  callerOf: async () => guest(defaultTenant), // everybody may read, and nobody is asked who they are
  origins,
});
