/** The roles of users. A caller without a token is a guest. */
export const roles = ['customer', 'staff', 'tenant-admin', 'platform-admin'] as const;
export type Role = (typeof roles)[number];

/**
 * What a role may access on a route: `own` the caller's own data, `tenant` all of the caller's tenant, `all` every
 * tenant.
 */
export type Scope = 'own' | 'tenant' | 'all';

export type Policy = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/${string}`;
  /** The roles that may call it, with their scopes. All others may not. */
  readonly allow: Readonly<Partial<Record<Role | 'guest', Scope>>>;
  /** The accepted query parameters. @default none */
  readonly query?: readonly string[];
};

const staff = { staff: 'tenant', 'tenant-admin': 'tenant' } as const;
const anyone = { guest: 'tenant', customer: 'tenant', ...staff } as const;
const everybody = { ...anyone, 'platform-admin': 'all' } as const;
const owner = { guest: 'own', customer: 'own', ...staff } as const;
const signedIn = { customer: 'own', staff: 'own', 'tenant-admin': 'own', 'platform-admin': 'own' } as const;
const admins = { 'tenant-admin': 'tenant', 'platform-admin': 'all' } as const;
const tenantAdmin = { 'tenant-admin': 'tenant' } as const;
const platform = { 'platform-admin': 'all' } as const;

const page = ['limit', 'cursor'] as const;

/** The policy table: every route of the API with its roles. A route that is missing here cannot be deployed. */
export const routes = {
  placeOrder: { method: 'POST', path: '/orders', allow: owner },
  quickOrder: {
    method: 'POST',
    path: '/order',
    allow: { customer: 'own', ...staff },
    query: ['product_id', 'quantity', 'payment_method'],
  },
  listOrders: { method: 'GET', path: '/orders', allow: { customer: 'own', ...staff }, query: ['status', ...page] },
  getOrder: { method: 'GET', path: '/orders/{orderId}', allow: owner, query: ['waitForVersion'] },
  updateOrderStatus: { method: 'PATCH', path: '/orders/{orderId}/status', allow: staff },
  cancelOrder: { method: 'POST', path: '/orders/{orderId}/cancel', allow: owner },
  getOrderTimeline: { method: 'GET', path: '/orders/{orderId}/timeline', allow: staff },

  getOrderPayment: { method: 'GET', path: '/orders/{orderId}/payment', allow: owner },
  listPayments: { method: 'GET', path: '/payments', allow: { customer: 'own', ...staff }, query: page },
  getPayment: { method: 'GET', path: '/payments/{paymentId}', allow: { customer: 'own', ...staff } },
  requestRefund: { method: 'POST', path: '/payments/{paymentId}/refunds', allow: staff },
  getBalance: { method: 'GET', path: '/account', allow: { customer: 'own', staff: 'own', 'tenant-admin': 'own' } },
  topUpAccount: { method: 'POST', path: '/accounts/{userId}/top-ups', allow: staff },
  receiveStripeWebhook: { method: 'POST', path: '/webhooks/stripe', allow: { guest: 'own' } },
  receivePayPayWebhook: { method: 'POST', path: '/webhooks/paypay', allow: { guest: 'own' } },

  requestReturn: { method: 'POST', path: '/orders/{orderId}/returns', allow: { customer: 'own', ...staff } },
  listReturns: { method: 'GET', path: '/returns', allow: { customer: 'own', ...staff }, query: ['status', ...page] },
  getReturn: { method: 'GET', path: '/returns/{returnId}', allow: { customer: 'own', ...staff } },
  updateReturn: { method: 'PATCH', path: '/returns/{returnId}', allow: staff },

  listStock: { method: 'GET', path: '/inventory', allow: staff, query: page },
  getStock: { method: 'GET', path: '/inventory/{productId}', allow: staff },
  updateStock: { method: 'PATCH', path: '/inventory/{productId}', allow: staff },
  deleteStock: { method: 'DELETE', path: '/inventory/{productId}', allow: staff },
  listStockMovements: { method: 'GET', path: '/inventory/{productId}/movements', allow: staff, query: page },

  createProduct: { method: 'POST', path: '/products', allow: staff },
  listProducts: { method: 'GET', path: '/products', allow: anyone, query: ['category', 'status', ...page] },
  importProducts: { method: 'POST', path: '/products/import', allow: staff, query: ['dryRun'] },
  getProduct: { method: 'GET', path: '/products/{productId}', allow: anyone },
  updateProduct: { method: 'PATCH', path: '/products/{productId}', allow: staff },
  deleteProduct: { method: 'DELETE', path: '/products/{productId}', allow: staff },
  createProductImage: { method: 'POST', path: '/products/{productId}/images', allow: staff },
  attachProductImage: { method: 'PUT', path: '/products/{productId}/images/{imageId}', allow: staff },
  deleteProductImage: { method: 'DELETE', path: '/products/{productId}/images/{imageId}', allow: staff },
  createCategory: { method: 'POST', path: '/categories', allow: staff },
  listCategories: { method: 'GET', path: '/categories', allow: anyone, query: page },
  getCategory: { method: 'GET', path: '/categories/{categoryId}', allow: anyone },
  updateCategory: { method: 'PATCH', path: '/categories/{categoryId}', allow: staff },
  deleteCategory: { method: 'DELETE', path: '/categories/{categoryId}', allow: staff },

  listAlerts: { method: 'GET', path: '/alerts', allow: staff, query: ['state', 'type', 'severity', ...page] },
  acknowledgeAlert: { method: 'PATCH', path: '/alerts/{alertId}', allow: staff },

  createTenant: { method: 'POST', path: '/tenants', allow: platform },
  listTenants: { method: 'GET', path: '/tenants', allow: platform, query: page },
  getTenant: { method: 'GET', path: '/tenants/{tenantId}', allow: admins },
  updateTenant: { method: 'PATCH', path: '/tenants/{tenantId}', allow: platform },
  createStorefrontKey: { method: 'POST', path: '/tenants/{tenantId}/storefront-keys', allow: admins },
  deleteStorefrontKey: { method: 'DELETE', path: '/tenants/{tenantId}/storefront-keys/{keyId}', allow: admins },

  signUp: { method: 'POST', path: '/auth/sign-up', allow: { guest: 'own' } },
  confirmSignUp: { method: 'POST', path: '/auth/confirm', allow: { guest: 'own' } },
  logIn: { method: 'POST', path: '/auth/log-in', allow: { guest: 'own' } },
  setUpTotp: { method: 'POST', path: '/auth/totp', allow: { guest: 'own' } },
  confirmTotp: { method: 'POST', path: '/auth/totp/confirm', allow: { guest: 'own' } },
  refreshTokens: { method: 'POST', path: '/auth/refresh', allow: { guest: 'own' } },
  forgotPassword: { method: 'POST', path: '/auth/forgot-password', allow: { guest: 'own' } },
  resetPassword: { method: 'POST', path: '/auth/reset-password', allow: { guest: 'own' } },
  logOut: { method: 'POST', path: '/auth/log-out', allow: signedIn },
  createSession: { method: 'POST', path: '/session', allow: { guest: 'own' } },
  getSession: { method: 'GET', path: '/session', allow: { guest: 'own' } },
  deleteSession: { method: 'DELETE', path: '/session', allow: { guest: 'own' } },
  getMe: { method: 'GET', path: '/users/me', allow: signedIn },
  updateMe: { method: 'PATCH', path: '/users/me', allow: signedIn },
  createUser: { method: 'POST', path: '/users', allow: tenantAdmin },
  listUsers: { method: 'GET', path: '/users', allow: tenantAdmin, query: page },
  getUser: { method: 'GET', path: '/users/{userId}', allow: tenantAdmin },
  updateUser: { method: 'PATCH', path: '/users/{userId}', allow: tenantAdmin },

  requestErasure: { method: 'POST', path: '/privacy/erasures', allow: { customer: 'own', ...staff, ...platform } },
  getErasure: {
    method: 'GET',
    path: '/privacy/erasures/{erasureId}',
    allow: { customer: 'own', ...staff, ...platform },
    query: ['tenantId'],
  },
  exportPersonalData: { method: 'GET', path: '/privacy/export', allow: signedIn },

  health: { method: 'GET', path: '/health', allow: everybody },
  getOpenApi: { method: 'GET', path: '/openapi.json', allow: everybody },
  getDocs: { method: 'GET', path: '/docs', allow: everybody },
  getDocsFile: { method: 'GET', path: '/docs/{file}', allow: everybody },
} as const satisfies Readonly<Record<string, Policy>>;

/** The name of a route: `placeOrder`. */
export type Operation = keyof typeof routes;

/**
 * The proxy for browser sessions: `/api/orders` is `/orders` for the user of the session. It is no operation of its
 * own, so the policies above apply.
 */
export const sessionProxy = {
  path: '/api/{proxy+}',
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
} as const satisfies { path: Policy['path']; methods: readonly Policy['method'][] };
