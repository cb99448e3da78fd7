import { routes } from '../contracts/routes';
import { cursorEnv } from '../kernel/cursor';
import { documentClient } from '../kernel/dynamodb';
import { edgeEnv, edgeOf } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http';
import { jitteredBackoff } from '../kernel/retry';
import { rotatingSecret } from '../kernel/secret';
import { tenantClients, tenantRoutes } from '../kernel/tenant-client';
import { tenantRoleEnv } from '../kernel/tenant-role';
import { serveStockEnv } from './env';
import { ledgerStore } from './ledger.store';
import { getStockRoute, listMovementsRoute, listStockRoute } from './read-stock.http';
import { deleteStockRoute, updateStockRoute } from './update-stock.http';

const env = readEnv(serveStockEnv);
const secret = await rotatingSecret(readEnv(cursorEnv).CURSOR_SECRET_ARN);
const now = () => new Date();

const longestWaitMs = 400; // all of the tries fit into the function's time
const backoff = {
  ...jitteredBackoff,
  attempts: 20,
  sleep: (ms: number) => jitteredBackoff.sleep(Math.min(ms, longestWaitMs)),
};

export const handler = secret.keptFreshFor(
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
    edgeOf(readEnv(edgeEnv), documentClient()),
  ),
);
