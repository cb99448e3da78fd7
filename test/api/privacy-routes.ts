import { randomUUID } from 'node:crypto';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { forNamedTenant } from '../../lambda/privacy/erasing/acting-tenant';
import { newErasure } from '../../lambda/privacy/erasing/erasure';
import { erasureStore } from '../../lambda/privacy/erasing/erasure.store';
import { getErasureRoute } from '../../lambda/privacy/erasing/get-erasure.http';
import { requestErasureRoute } from '../../lambda/privacy/erasing/request-erasure.http';
import { exportRoute } from '../../lambda/privacy/export/export.http';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';

const at = new Date('2026-12-02T08:00:00.000Z');
const now = () => at;
const contact = 'x'.repeat(43);

/** The erasure that is there to be found: generated requests name it. */
const known = { tenant: defaultTenant, erasureId: 'ERA-4f0c2b1a-7d3e-4c55-9b0a-2f6a1d8e7c90' };

/** The routes of the privacy service, over services in which everybody has an order that is not ended. */
export const privacyRoutes = async () => {
  const erasures = erasureStore('erasures', memoryDynamoDb().db);
  const asked = { person: { kind: 'user', userId: 'user-2' }, requestedBy: 'user-2', openAtRequest: 0 } as const;
  await erasures.request(newErasure({ ...known, ...asked, correlationId: 'correlation-1' }, at));
  const orders = {
    page: async () => ({
      orders: [{ orderId: 'ORD-000001', createdAt: at.toISOString(), refs: [], isOpen: true }],
    }),
    prove: async (_tenant: unknown, orderId: string) => (orderId.endsWith('9') ? undefined : contact),
  };
  const hasUser = async (_tenant: unknown, userId: string) => userId.length % 2 === 0;
  const forward = async (operation: string) => ({
    statusCode: operation === 'getMe' || operation === 'getBalance' ? 404 : 200,
    headers: {},
    body: JSON.stringify({ items: [] }),
    isBase64Encoded: false,
  });
  return {
    requestErasure: forNamedTenant(requestErasureRoute({ erasures, orders, hasUser, newId: randomUUID, now })),
    getErasure: forNamedTenant(getErasureRoute({ erasures })),
    exportPersonalData: exportRoute({ forward, now }),
  };
};
