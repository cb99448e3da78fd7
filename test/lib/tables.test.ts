import { synthesize } from './synthesize';

const { ofType, named, target, functions, statementsOf } = synthesize('local');

const tables = ofType('DynamoDB::GlobalTable');

const keyOf = (name: string) =>
  named(name).properties.KeySchema.map((key: Record<string, string>) => `${key.AttributeName} ${key.KeyType}`);

test.each([
  ['S0-11', 'orders', ['orderId HASH', 'createdAt RANGE']],
  ['S0-12', 'inventory', ['productId HASH']],
  ['S0-13', 'notifications', ['notificationId HASH', 'createdAt RANGE']],
  ['S0-14', 'billing', ['billingId HASH', 'orderId RANGE']],
  ['what orders hold:', 'reservations', ['orderId HASH']],
  ['S1-12 the ledger:', 'stock-movements', ['productId HASH', 'movementId RANGE']],
  ['S4-29', 'alerts', ['alertId HASH']],
  ['S2-22', 'order-payment-store', ['orderId HASH']],
  ['S2-25', 'sys-pay-alert', ['alertId HASH']],
  ['S3-14', 'payments', ['paymentId HASH']],
  ['S2-12', 'accounts', ['accountId HASH', 'entryId RANGE']],
  ['S3-24', 'returns', ['returnId HASH']],
  ['S2-30 who is connected:', 'live-connections', ['subject HASH', 'connectionId RANGE']],
  ['S3-52 what callers send:', 'rate-limits', ['bucket HASH']],
  ['B-20 under which people are sealed:', 'subject-keys', ['keyId HASH']],
  ['B-20 who is erased:', 'erasures', ['erasureId HASH']],
  ['S2-32', 'sessions', ['sessionId HASH']],
  ['S3-01 S3-06', 'users', ['userId HASH']],
  ['tenants and their storefront keys:', 'tenants', ['tenantId HASH']],
  ["the order service's copy of the catalog:", 'order-products', ['productId HASH']],
])('%s table %s has the key %j, all of it text', (_promise, name, key) => {
  expect(keyOf(name)).toEqual(key);
  for (const { AttributeType } of named(name).properties.AttributeDefinitions) expect(AttributeType).toBe('S');
});

test('S0-15 S3-50 each service has a database of its own: these are all tables there are', () => {
  expect(tables.map(({ properties }) => properties.TableName).sort()).toEqual([
    'accounts',
    'alerts',
    'billing',
    'categories',
    'erasures',
    'inventory',
    'live-connections',
    'notifications',
    'order-payment-store',
    'order-products',
    'orders',
    'payments',
    'products',
    'rate-limits',
    'reservations',
    'returns',
    'sessions',
    'stock-movements',
    'subject-keys',
    'sys-pay-alert',
    'tenants',
    'users',
  ]);
});

/** The count of requests stands before every service, and the keys of people are used by all who write of them. */
const everybodys = ['rate-limits', 'subject-keys'];

const ownerOf: Record<string, string> = {
  erasures: 'privacy',
  sessions: 'identity',
  orders: 'order',
  'order-products': 'order',
  inventory: 'inventory',
  reservations: 'inventory',
  'stock-movements': 'inventory',
  alerts: 'alert',
  'order-payment-store': 'alert',
  'sys-pay-alert': 'alert',
  payments: 'payment',
  accounts: 'payment',
  returns: 'return',
  notifications: 'notification',
  billing: 'billing',
  'live-connections': 'live',
  products: 'catalog',
  categories: 'catalog',
  tenants: 'identity',
  users: 'identity',
};

/** Every function with every table that its role may do anything to. */
const scope = functions.flatMap(({ label, resource }) => {
  const { Role, Environment } = resource.properties;
  const statements = [Role, Environment.Variables.TENANT_ROLE_ARN].flatMap(statementsOf);
  const text = JSON.stringify(statements);
  return tables
    .filter(({ id, properties }) => text.includes(`"${id}"`) && !everybodys.includes(properties.TableName))
    .map(({ properties }) => [label, properties.TableName] as [string, string]);
});

test('S0-15 S1-02 S3-39 every function but those of the manual, the archive and payment providers reaches some table, and none of another service', () => {
  const reaching = new Set(scope.map(([label]) => label));
  const others = functions.map(({ label }) => label).filter((label) => !reaching.has(label));
  expect(others.sort()).toEqual(['archive/archive-events', 'manual/serve-manual', 'payment/ask-provider']);
  expect(scope.filter(([label, table]) => label.split('/')[0] !== ownerOf[table])).toEqual([]);
});

test('S0-15 no variable of a function names a table of another service', () => {
  for (const { label, resource } of functions) {
    const values = Object.values(resource.properties.Environment.Variables).map((value) => target(value as string));
    const foreign = values.filter((name) => name in ownerOf && ownerOf[name] !== label.split('/')[0]);
    expect([label, foreign]).toEqual([label, []]);
  }
});

test('only the tables that a relay reads have a stream, with both images', () => {
  const streams = tables.map(({ properties }) => [
    properties.TableName,
    properties.StreamSpecification?.StreamViewType,
  ]);
  expect(Object.fromEntries(streams)).toEqual({
    orders: 'NEW_AND_OLD_IMAGES',
    reservations: 'NEW_AND_OLD_IMAGES',
    payments: 'NEW_AND_OLD_IMAGES',
    accounts: undefined,
    returns: 'NEW_AND_OLD_IMAGES',
    erasures: 'NEW_AND_OLD_IMAGES',
    tenants: 'NEW_AND_OLD_IMAGES',
    users: 'NEW_AND_OLD_IMAGES',
    'order-products': undefined,
    'live-connections': undefined,
    'rate-limits': undefined,
    'subject-keys': undefined,
    inventory: 'NEW_AND_OLD_IMAGES',
    'stock-movements': undefined,
    products: 'NEW_AND_OLD_IMAGES',
    categories: undefined,
    alerts: 'NEW_AND_OLD_IMAGES',
    'order-payment-store': 'NEW_AND_OLD_IMAGES',
    'sys-pay-alert': undefined,
    notifications: undefined,
    billing: undefined,
  });
});

test('only idempotency claims, receipts of webhooks, past windows of requests, closed connections and sessions are forgotten', () => {
  const forgetful = tables.flatMap(({ properties: { TableName, TimeToLiveSpecification: specification } }) =>
    specification === undefined ? [] : [[TableName, specification]],
  );
  const expiresAt = { AttributeName: 'expiresAt', Enabled: true };
  expect(Object.fromEntries(forgetful)).toEqual({
    erasures: expiresAt,
    'live-connections': expiresAt,
    orders: expiresAt,
    payments: expiresAt,
    'rate-limits': expiresAt,
    returns: expiresAt,
    sessions: { AttributeName: 'forgetAt', Enabled: true },
    'stock-movements': expiresAt,
  });
});

test('indexes hold keys alone, and begin with the tenant, with what is due or with what has changed', () => {
  type Index = { IndexName: string; KeySchema: { AttributeName: string }[]; Projection: { ProjectionType: string } };
  const indexes = tables.flatMap(({ properties }) =>
    (properties.GlobalSecondaryIndexes ?? []).map((index: Index) => {
      expect(index.Projection).toEqual({ ProjectionType: 'KEYS_ONLY' });
      const keys = index.KeySchema.map(({ AttributeName }) => AttributeName);
      return `${properties.TableName} ${index.IndexName}: ${keys.join(' ')}`;
    }),
  );
  expect(indexes.sort()).toEqual([
    'categories byList: list categoryId',
    'erasures byDueAt: dueShard dueAt',
    'inventory byChange: changedIn productId',
    'inventory byTenant: listedIn productId',
    'order-payment-store byDueAt: dueShard dueAt',
    'orders byContact: contactKey createdAt',
    'orders byCustomer: ownerKey createdAt',
    'orders byDueAt: dueShard dueAt',
    'orders byTenant: listKey createdAt',
    'payments byCustomer: customerList createdAt',
    'payments byDueAt: dueShard dueAt',
    'payments byTenant: tenantList createdAt',
    'products byList: list place',
    'reservations byChange: changedIn changedAt',
    'returns byCustomer: customerList requestedAt',
    'returns byStatus: statusList requestedAt',
    'returns byTenant: tenantList requestedAt',
    'sys-pay-alert byState: stateList raisedAt',
    'sys-pay-alert byTenant: tenantList raisedAt',
    'tenants byName: kind tenantId',
    'users byTenant: tenant createdAt',
  ]);
});

test.each(tables.map(({ properties }) => [properties.TableName]))(
  '%s is paid by use, encrypted and can go back in time',
  (name) => {
    const { BillingMode, SSESpecification, Replicas } = named(name).properties;
    expect(BillingMode).toBe('PAY_PER_REQUEST');
    expect(SSESpecification?.SSEEnabled ?? false).toBe(false); // a key that DynamoDB owns, which it always uses at least
    const [replica, ...others] = Replicas;
    expect(others).toEqual([]);
    expect(replica.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(true);
  },
);
