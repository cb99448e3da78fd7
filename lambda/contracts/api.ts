import { alertOperations } from './alert-api';
import { catalogOperations } from './catalog-api';
import type { OperationContract } from './operation';
import { orderOperations } from './order-operations';
import { paymentOperations } from './payment-api';
import { returnOperations } from './return-api';
import type { Operation } from './routes';
import { sessionOperations } from './session-api';
import { signInOperations } from './sign-in-api';
import { stockOperations } from './stock-api';
import { systemOperations } from './system-api';
import { tenantOperations } from './tenant-api';
import { userOperations } from './user-api';

/**
 * The version of the API's published description. A change that breaks a client raises the first number, any other change
 * the second: a test compares with what is published.
 */
export const apiVersion = '2.0.0';

/** The contract of every operation: one that is missing does not compile. */
export const api = {
  ...orderOperations,
  ...paymentOperations,
  ...returnOperations,
  ...stockOperations,
  ...catalogOperations,
  ...alertOperations,
  ...signInOperations,
  ...sessionOperations,
  ...userOperations,
  ...tenantOperations,
  ...systemOperations,
} as const satisfies Record<Operation, OperationContract>;

export type Api = typeof api;
