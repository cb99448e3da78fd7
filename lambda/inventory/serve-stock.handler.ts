import { routes } from '../contracts/api/routes';
import { rotatingSecret } from '../kernel/aws/secret';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { tenantClients, tenantRoleEnv, tenantRoutes } from '../kernel/dynamodb/tenant-client';
import { readEnv } from '../kernel/env';
import { cursorEnv } from '../kernel/http/list-page';
import { middlewareEnv, middlewareOf } from '../kernel/http/middleware';
import { serve } from '../kernel/http/serve';
import { jitteredBackoff } from '../kernel/retry';
import { serveStockEnv } from './env';
import { ledgerStore } from './stock/ledger.store';
import {
  deleteStockRoute,
  getStockRoute,
  listMovementsRoute,
  listStockRoute,
  updateStockRoute,
} from './stock/stock.http';

const env = readEnv(serveStockEnv);
const secret = await rotatingSecret(readEnv(cursorEnv).CURSOR_SECRET_ARN);
const now = () => new Date();

const longestWaitMs = 400; // so that all attempts fit into the function's timeout
const backoff = {
  ...jitteredBackoff,
  attempts: 20,
  sleep: (ms: number) => jitteredBackoff.sleep(Math.min(ms, longestWaitMs)),
};

export const handler = secret.refreshBefore(
  serve(
    routes,
    tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), (db) => {
      const ledger = ledgerStore({ inventory: env.INVENTORY_TABLE, movements: env.MOVEMENTS_TABLE }, db);
      const reading = { ledger, cursorSecret: secret };
      const writing = { ledger, backoff, now };
      return {
        listStock: listStockRoute(reading),
        getStock: getStockRoute(reading),
        updateStock: updateStockRoute(writing),
        deleteStock: deleteStockRoute(writing),
        listStockMovements: listMovementsRoute(reading),
      };
    }),
    middlewareOf(readEnv(middlewareEnv), documentClient()),
  ),
);
