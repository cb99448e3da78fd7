import type * as z from 'zod';
import { invokeFunction } from '../../kernel/aws/signed-request';
import type { documentClient } from '../../kernel/dynamodb/dynamodb';
import { readEnv } from '../../kernel/env';
import { destroyingEnv, keyDestroyerOf } from '../../kernel/sealing/sealing';
import type { sweepErasuresEnv } from '../env';
import { eraseUserGateway, ordersGateway } from '../services.gateway';
import { erasureStore } from './erasure.store';

/** Returns what a function that erases works with. */
export const erasingDeps = (env: z.output<typeof sweepErasuresEnv>, db: ReturnType<typeof documentClient>) => ({
  erasures: erasureStore(env.ERASURES_TABLE, db),
  orders: ordersGateway(invokeFunction(env.ORDERS_FUNCTION), invokeFunction(env.RETURNS_FUNCTION)),
  keys: keyDestroyerOf(readEnv(destroyingEnv), db),
  eraseUser: eraseUserGateway(invokeFunction(env.ERASE_USER_FUNCTION)),
  now: () => new Date(),
});
