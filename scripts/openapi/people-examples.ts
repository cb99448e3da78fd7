import type { Examples } from './example-types';

const at = '2026-11-21T03:00:00.000Z';

const user = {
  userId: 'u-0001',
  tenantId: 'shop-a',
  email: 'hanako@example.com',
  emailVerified: true,
  status: 'ACTIVE',
  userRoles: [{ role: 'staff', assignedAt: at }],
  displayName: '山田 花子',
  createdAt: at,
  updatedAt: at,
  version: 1,
};

const tenant = {
  tenantId: 'shop-a',
  name: '山田商店',
  status: 'ACTIVE',
  currency: 'JPY',
  taxRatesBps: { standard: 1000, reduced: 800 },
  backorders: 'allowed',
  limits: { tenantPerMinute: 6000, callerPerMinute: 1200 },
  storefrontKeys: [],
  createdAt: at,
  updatedAt: at,
  version: 1,
};

const email = 'hanako@example.com';
const password = 'Example-pass-2026';

const session = {
  user: { userId: 'u-0001', tenantId: 'shop-a', email, roles: ['customer'] },
  csrfToken: 'Zr3cVwGQ8mJYkq0c6vF1n0H2d9sXb7tLkPpWyUe4iAo',
  expiresAt: '2026-11-28T03:00:00.000Z',
};

const erasure = {
  erasureId: 'ERA-4f0c2b1a-7d3e-4c55-9b0a-2f6a1d8e7c90',
  subjectKind: 'guest',
  state: 'REQUESTED',
  requestedAt: at,
  waitingFor: 0,
  accountErased: false,
  ordersErased: 0,
  keysDestroyed: 0,
};

/** Examples of signing in, users, tenants and erasures. */
export const peopleExamples: Examples = {
  signUp: { bodies: { 'A customer': { email, password, displayName: '山田 花子' } } },
  confirmSignUp: { bodies: { 'The code of the e-mail': { email, code: '123456', password } } },
  logIn: { bodies: { 'A customer': { email, password } } },
  createSession: {
    bodies: {
      'A customer': { email, password },
      'By a token of another provider': { idToken: 'eyJhbGciOiJSUzI1NiJ9' },
    },
    answer: session,
  },
  getSession: { answer: session },
  refreshTokens: { bodies: { 'The token of the log-in': { refreshToken: 'eyJjdHkiOiJKV1QifQ' } } },
  forgotPassword: { bodies: { 'A customer': { email } } },
  resetPassword: { bodies: { 'The code of the e-mail': { email, code: '123456', password } } },
  logOut: { bodies: { 'The log-in, too': { refreshToken: 'eyJjdHkiOiJKV1QifQ' } } },
  getMe: { answer: user },
  updateMe: { bodies: { 'Another name': { displayName: '鈴木 花子', phoneNumber: null } }, answer: user },
  createUser: { bodies: { Staff: { email, displayName: '山田 花子', roles: ['staff'] } }, answer: user },
  listUsers: { answer: { items: [user] } },
  getUser: { answer: user },
  updateUser: {
    bodies: { Disable: { status: 'DISABLED', expectedVersion: 1 } },
    answer: { ...user, status: 'DISABLED' },
  },
  createTenant: {
    bodies: { 'A shop in Japan': { tenantId: 'shop-a', name: '山田商店', admin: { email } } },
    answer: tenant,
  },
  listTenants: { answer: { items: [tenant] } },
  getTenant: { answer: tenant },
  updateTenant: { bodies: { Suspend: { status: 'SUSPENDED' } }, answer: { ...tenant, status: 'SUSPENDED' } },
  requestErasure: {
    bodies: {
      'A guest, with the proof': { orderId: 'ORD-000001', customerEmail: 'taro@example.com' },
      'A user of a shop': { userId: 'u-0001', tenantId: 'shop-a' },
    },
    answer: erasure,
  },
  getErasure: { answer: { ...erasure, state: 'ERASED', ordersErased: 2, keysDestroyed: 4, erasedAt: at } },
  health: { answer: { status: 'ok', build: 'abc1234', dependencies: { orders: { status: 'ok', milliseconds: 4 } } } },
};
