import { alertOperations } from './alert-api';
import { catalogOperations } from './catalog-api';
import type { OperationContract } from './operation';
import { orderOperations } from './order-operations';
import { paymentOperations } from './payment-api';
import { privacyOperations } from './privacy-api';
import { returnOperations } from './return-api';
import type { Operation } from './routes';
import { sessionOperations } from './session-api';
import { signInOperations } from './sign-in-api';
import { stockOperations } from './stock-api';
import { systemOperations } from './system-api';
import { tenantOperations } from './tenant-api';
import { userOperations } from './user-api';

/**
 * The version of the API's published description. A breaking change increases the first number, any other change the
 * second. A test compares it with the published description.
 */
export const apiVersion = '2.0.0';

/** The contract of every operation. A missing one is a compile error. */
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
  ...privacyOperations,
  ...tenantOperations,
  ...systemOperations,
} as const satisfies Record<Operation, OperationContract>;

export type Api = typeof api;
