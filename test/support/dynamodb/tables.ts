import type { TableSchema } from './table';

/** The tables as they are deployed: keys, indexes and expiry by name. `test/lib/tables.test.ts` holds them to the stack. */
export const tables = {
  accounts: {
    partition: ['accountId', 'S'],
    sort: ['entryId', 'S'],
  },
  alerts: {
    partition: ['alertId', 'S'],
  },
  billing: {
    partition: ['billingId', 'S'],
    sort: ['orderId', 'S'],
  },
  categories: {
    partition: ['categoryId', 'S'],
    indexes: {
      byList: {
        partition: ['list', 'S'],
        sort: ['categoryId', 'S'],
        projected: [],
      },
    },
  },
  erasures: {
    partition: ['erasureId', 'S'],
    indexes: {
      byDueAt: {
        partition: ['dueShard', 'S'],
        sort: ['dueAt', 'S'],
        projected: [],
      },
    },
    expiry: 'expiresAt',
  },
  inventory: {
    partition: ['productId', 'S'],
    indexes: {
      byTenant: {
        partition: ['listedIn', 'S'],
        sort: ['productId', 'S'],
        projected: [],
      },
      byChange: {
        partition: ['changedIn', 'S'],
        sort: ['productId', 'S'],
        projected: [],
      },
    },
  },
  'live-connections': {
    partition: ['subject', 'S'],
    sort: ['connectionId', 'S'],
    expiry: 'expiresAt',
  },
  notifications: {
    partition: ['notificationId', 'S'],
    sort: ['createdAt', 'S'],
  },
  'order-payment-store': {
    partition: ['orderId', 'S'],
    indexes: {
      byDueAt: {
        partition: ['dueShard', 'S'],
        sort: ['dueAt', 'S'],
        projected: [],
      },
    },
  },
  'order-products': {
    partition: ['productId', 'S'],
  },
  orders: {
    partition: ['orderId', 'S'],
    sort: ['createdAt', 'S'],
    indexes: {
      byDueAt: {
        partition: ['dueShard', 'S'],
        sort: ['dueAt', 'S'],
        projected: [],
      },
      byTenant: {
        partition: ['listKey', 'S'],
        sort: ['createdAt', 'S'],
        projected: [],
      },
      byCustomer: {
        partition: ['ownerKey', 'S'],
        sort: ['createdAt', 'S'],
        projected: [],
      },
      byContact: {
        partition: ['contactKey', 'S'],
        sort: ['createdAt', 'S'],
        projected: [],
      },
    },
    expiry: 'expiresAt',
  },
  payments: {
    partition: ['paymentId', 'S'],
    indexes: {
      byDueAt: {
        partition: ['dueShard', 'S'],
        sort: ['dueAt', 'S'],
        projected: [],
      },
      byTenant: {
        partition: ['tenantList', 'S'],
        sort: ['createdAt', 'S'],
        projected: [],
      },
      byCustomer: {
        partition: ['customerList', 'S'],
        sort: ['createdAt', 'S'],
        projected: [],
      },
    },
    expiry: 'expiresAt',
  },
  'product-sales': {
    partition: ['tenantId', 'S'],
    sort: ['subject', 'S'],
  },
  products: {
    partition: ['productId', 'S'],
    indexes: {
      byList: {
        partition: ['list', 'S'],
        sort: ['place', 'S'],
        projected: [],
      },
    },
  },
  'rate-limits': {
    partition: ['bucket', 'S'],
    expiry: 'expiresAt',
  },
  reservations: {
    partition: ['orderId', 'S'],
    indexes: {
      byChange: {
        partition: ['changedIn', 'S'],
        sort: ['changedAt', 'S'],
        projected: [],
      },
    },
  },
  returns: {
    partition: ['returnId', 'S'],
    indexes: {
      byTenant: {
        partition: ['tenantList', 'S'],
        sort: ['requestedAt', 'S'],
        projected: [],
      },
      byStatus: {
        partition: ['statusList', 'S'],
        sort: ['requestedAt', 'S'],
        projected: [],
      },
      byCustomer: {
        partition: ['customerList', 'S'],
        sort: ['requestedAt', 'S'],
        projected: [],
      },
    },
    expiry: 'expiresAt',
  },
  sessions: {
    partition: ['sessionId', 'S'],
    expiry: 'forgetAt',
  },
  'subject-keys': {
    partition: ['keyId', 'S'],
  },
  'stock-movements': {
    partition: ['productId', 'S'],
    sort: ['movementId', 'S'],
    expiry: 'expiresAt',
  },
  'sys-pay-alert': {
    partition: ['alertId', 'S'],
    indexes: {
      byTenant: {
        partition: ['tenantList', 'S'],
        sort: ['raisedAt', 'S'],
        projected: [],
      },
      byState: {
        partition: ['stateList', 'S'],
        sort: ['raisedAt', 'S'],
        projected: [],
      },
    },
  },
  tenants: {
    partition: ['tenantId', 'S'],
    indexes: {
      byName: {
        partition: ['kind', 'S'],
        sort: ['tenantId', 'S'],
        projected: [],
      },
    },
  },
  users: {
    partition: ['userId', 'S'],
    indexes: {
      byTenant: {
        partition: ['tenant', 'S'],
        sort: ['createdAt', 'S'],
        projected: [],
      },
    },
  },
} as const satisfies Readonly<Record<string, TableSchema>>;
