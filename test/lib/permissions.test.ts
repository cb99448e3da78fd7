import type { StageName } from './stacks';
import { referenced, synthesize } from './synthesize';

const stages = { local: synthesize('local'), prod: synthesize('prod') };

const list = <Item>(value: Item | Item[]): Item[] => (Array.isArray(value) ? value : [value]);

/** Every `action resource` that a role may do, by the function whose role it is. */
const allowed = (stage: 'local' | 'prod'): Record<string, string[]> => {
  const { target, functions, statementsOf } = stages[stage];
  return Object.fromEntries(
    functions.map(({ label, resource }) => {
      const statements = statementsOf(resource.properties.Role);
      const grants = statements.flatMap(({ Action, Resource }) =>
        list(Action).flatMap((action) => list(Resource).map((on) => `${action} ${target(on)}`)),
      );
      return [label, grants];
    }),
  );
};

/** What Lambda needs to read a queue, and the handler to put back into it what it failed on. */
const consume = (queue: string) =>
  [
    'ChangeMessageVisibility',
    'DeleteMessage',
    'GetQueueAttributes',
    'GetQueueUrl',
    'ReceiveMessage',
    'SendMessage',
  ].map((action) => `sqs:${action} ${queue}`);
const readStream = (table: string) =>
  ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((action) => `dynamodb:${action} ${table}`);
const on = (table: string, ...actions: string[]) => actions.map((action) => `dynamodb:${action} ${table}`);
const deadLetter = 'sqs:SendMessage order-processing-dlq';

const withAccounts = (...actions: string[]) => actions.map((action) => `cognito-idp:${action} Accounts`);
const invite = [
  'AdminAddUserToGroup',
  'AdminCreateUser',
  'AdminGetUser',
  'AdminResetUserPassword',
  'AdminSetUserPassword',
  'AdminUpdateUserAttributes',
];
const unwrapKeys = 'kms:Decrypt MasterKey';
const makeKeys = [unwrapKeys, 'kms:GenerateDataKey MasterKey'];
const openSubjects = [...on('subject-keys', 'GetItem'), unwrapKeys];
const sealSubjects = [...on('subject-keys', 'GetItem', 'PutItem'), ...makeKeys];

const readCursorKey = ['secretsmanager:GetSecretValue CursorSecret'];

const readKeys = (name: string) => [`secretsmanager:GetSecretValue Keys${name}`];

const changePayments = [
  ...on('payments', 'GetItem', 'PutItem', 'UpdateItem'),
  ...on('accounts', 'GetItem', 'PutItem', 'Query'),
  ...readKeys('Seal'),
  'lambda:InvokeFunction AskProvider',
];

const askAboutPeople = [
  'lambda:InvokeFunction OrderRoutesFindPersonalOrders',
  'lambda:InvokeFunction ReturnFindOpenReturns',
];

/** Destroys keys, and can neither read nor open them. */
const erase = [
  ...on('erasures', 'BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem'),
  ...on('subject-keys', 'UpdateItem'),
  ...askAboutPeople,
  'lambda:InvokeFunction IdentityEraseUser',
];

const expected: Record<string, string[]> = {
  'manual/serve-manual': on('rate-limits', 'UpdateItem'),
  'identity/authorize': [
    ...sealSubjects,
    ...on('tenants', 'GetItem'),
    ...on('users', 'GetItem', 'PutItem'),
    ...on('rate-limits', 'UpdateItem'),
  ],
  'identity/serve-sign-in': [
    ...makeKeys,
    ...on('rate-limits', 'UpdateItem'),
    ...withAccounts(
      'AdminAddUserToGroup',
      'AdminGetUser',
      'AdminSetUserPassword',
      'AdminUpdateUserAttributes',
      'AdminUserGlobalSignOut',
      'DescribeUserPoolClient',
    ),
  ],
  'identity/serve-session': [
    ...makeKeys,
    ...on('rate-limits', 'UpdateItem'),
    ...on('sessions', 'DeleteItem', 'GetItem', 'PutItem'),
    'secretsmanager:GetSecretValue SessionSecret',
    ...withAccounts('DescribeUserPoolClient'),
    ...[
      'Authorize',
      'OrderRoutesPlaceOrder',
      'OrderRoutesGetOrder',
      'OrderRoutesServeOrders',
      'OrderRoutesHealth',
      'InventoryServeStock',
      'CatalogServeCatalog',
      'PaymentServePayments',
      'PaymentReceiveWebhooks',
      'ReturnServeReturns',
      'AlertHistoryServeAlerts',
      'IdentityRoutesServeSignIn',
      'IdentityRoutesServeUsers',
      'IdentityRoutesServeTenants',
      'ManualServe',
      'PrivacyServePrivacy',
    ].map((name) => `lambda:InvokeFunction ${name}`),
  ],
  'identity/serve-users': [
    ...makeKeys,
    ...on('rate-limits', 'UpdateItem'),
    ...readCursorKey,
    ...withAccounts(
      ...invite,
      'AdminDeleteUser',
      'AdminDisableUser',
      'AdminEnableUser',
      'AdminRemoveUserFromGroup',
      'AdminSetUserMFAPreference',
    ),
  ],
  'identity/serve-tenants': [
    ...on('rate-limits', 'UpdateItem'),
    ...on('tenants', 'BatchGetItem', 'GetItem', 'PutItem'),
    'dynamodb:Query tenants/index/byName',
    ...readCursorKey,
    ...withAccounts(...invite),
  ],
  'identity/describe-user': on('users', 'GetItem'),
  'identity/erase-user': [...on('users', 'GetItem', 'PutItem'), ...openSubjects, ...withAccounts('AdminDeleteUser')],
  'identity/relay-user-events': [...readStream('users'), 'sns:Publish user-events', 'sqs:SendMessage user-relay-dlq'],
  'identity/relay-tenant-events': [
    ...readStream('tenants'),
    'sns:Publish tenant-events',
    'sqs:SendMessage tenant-relay-dlq',
  ],
  'order/place-order': [
    ...sealSubjects,
    ...on('orders', 'GetItem', 'PutItem', 'Query', 'UpdateItem'),
    ...on('order-products', 'BatchGetItem'),
    'secretsmanager:GetSecretValue TrackingSecret',
    'lambda:InvokeFunction Authorize',
    'lambda:InvokeFunction InventoryTellOrder',
    ...on('rate-limits', 'UpdateItem'),
  ],
  'order/get-order': [...on('rate-limits', 'UpdateItem'), unwrapKeys],
  'order/serve-orders': [
    unwrapKeys,
    ...on('rate-limits', 'UpdateItem'),
    ...['Inventory', 'Billing', 'Notification', 'Alert', 'Payment'].map(
      (name) => `lambda:InvokeFunction ${name}TellOrder`,
    ),
    'secretsmanager:GetSecretValue CursorSecret',
  ],
  'order/describe-order': on('orders', 'Query'),
  'order/find-personal-orders': [
    ...on('orders', 'BatchGetItem', 'Query', 'UpdateItem'),
    'dynamodb:Query orders/index/byCustomer',
    'dynamodb:Query orders/index/byContact',
    ...sealSubjects,
  ],
  'return/find-open-returns': on('returns', 'BatchGetItem'),
  'privacy/serve-privacy': [
    ...on('rate-limits', 'UpdateItem'),
    ...askAboutPeople,
    'lambda:InvokeFunction IdentityDescribeUser',
    ...['IdentityRoutesServeUsers', 'OrderRoutesServeOrders', 'OrderRoutesGetOrder'].map(
      (name) => `lambda:InvokeFunction ${name}`,
    ),
    ...['ReturnServeReturns', 'PaymentServePayments'].map((name) => `lambda:InvokeFunction ${name}`),
  ],
  'privacy/erase-subjects': [...erase, ...consume('erasure-queue'), deadLetter],
  'privacy/sweep-erasures': [...erase, ...on('erasures', 'UpdateItem'), 'dynamodb:Query erasures/index/byDueAt'],
  'privacy/relay-privacy-events': [
    ...readStream('erasures'),
    'sns:Publish privacy-events',
    'sqs:SendMessage privacy-relay-dlq',
  ],
  'order/project-shop': [
    ...on('orders', 'PutItem'),
    ...on('order-products', 'PutItem'),
    ...consume('order-copy-queue'),
    deadLetter,
  ],
  'order/health': [
    ...on('rate-limits', 'UpdateItem'),
    ...on('orders', 'GetItem'),
    ...on('order-products', 'GetItem'),
    'sns:GetTopicAttributes order-events',
  ],
  'order/relay-order-events': [...readStream('orders'), 'sns:Publish order-events', 'sqs:SendMessage order-relay-dlq'],
  'order/advance-order': [...on('orders', 'GetItem', 'PutItem', 'Query'), ...consume('order-saga-queue'), deadLetter],
  'order/sweep-due-orders': [
    ...on('orders', 'PutItem', 'Query', 'UpdateItem'),
    'dynamodb:Query orders/index/byDueAt',
    'sns:Publish order-events',
  ],
  'inventory/take-stock': [
    ...on('inventory', 'UpdateItem'),
    ...on('reservations', 'GetItem', 'UpdateItem'),
    ...consume('inventory-queue'),
    deadLetter,
  ],
  'inventory/relay-inventory-events': [
    ...readStream('reservations'),
    ...readStream('inventory'),
    'sns:Publish inventory-events',
    'sqs:SendMessage inventory-relay-dlq',
  ],
  'notification/notify-customer': [
    ...openSubjects,
    ...on('notifications', 'BatchGetItem', 'PartiQLInsert', 'Query'),
    ...on('rate-limits', 'UpdateItem'),
    'ses:SendEmail Sender',
    ...consume('notification-queue'),
    deadLetter,
  ],
  'notification/describe-mails': on('notifications', 'BatchGetItem'),
  'alert/relay-alert-events': [
    ...readStream('alerts'),
    ...readStream('order-payment-store'),
    'sns:Publish alert-events',
    'sqs:SendMessage alert-relay-dlq',
  ],
  'alert/describe-alerts': [...on('alerts', 'GetItem'), ...on('order-payment-store', 'GetItem')],
  'alert/reconcile-payments': [
    ...on('order-payment-store', 'GetItem', 'PutItem'),
    ...consume('order-payment-queue'),
    ...consume('alert-deadline-queue'),
    deadLetter,
    'lambda:InvokeFunction TellServices',
    'lambda:InvokeFunction PaymentTellOrder',
  ],
  'alert/check-deadlines': [
    ...on('order-payment-store', 'GetItem', 'PutItem', 'UpdateItem'),
    'dynamodb:Query order-payment-store/index/byDueAt',
    'lambda:InvokeFunction TellServices',
    'lambda:InvokeFunction PaymentTellOrder',
  ],
  'alert/record-alerts': [...on('sys-pay-alert', 'GetItem', 'PutItem'), ...consume('sys-pay-alert-queue'), deadLetter],
  'alert/serve-alerts': [...on('rate-limits', 'UpdateItem'), ...readCursorKey],
  'payment/ask-provider': readKeys('Providers'),
  'payment/request-payments': [...changePayments, ...consume('payment-queue'), deadLetter],
  'payment/describe-payment': on('payments', 'GetItem'),
  'payment/poll-payments': [...changePayments, 'dynamodb:Query payments/index/byDueAt'],
  'payment/receive-webhooks': [
    ...on('payments', 'BatchGetItem', 'GetItem', 'PutItem'),
    'dynamodb:Query payments/index/byTenant',
    ...readKeys('Providers'),
    ...readKeys('Seal'),
    ...on('rate-limits', 'UpdateItem'),
  ],
  'payment/relay-payment-events': [
    ...readStream('payments'),
    'sns:Publish payment-events',
    'sqs:SendMessage payment-relay-dlq',
  ],
  'payment/serve-payments': [
    ...on('rate-limits', 'UpdateItem'),
    ...readCursorKey,
    ...readKeys('Seal'),
    'lambda:InvokeFunction AskProvider',
    'lambda:InvokeFunction IdentityDescribeUser',
    'lambda:InvokeFunction TellServices',
  ],
  'archive/archive-events': [...consume('archive-queue'), deadLetter],
  'live/serve-connections': [
    ...on('live-connections', 'BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'),
    ...on('rate-limits', 'UpdateItem'),
    'execute-api:ManageConnections DELETE connections',
    'execute-api:ManageConnections POST connections',
    'lambda:InvokeFunction Authorize',
    'lambda:InvokeFunction TellServices',
  ],
  'live/push-events': [
    ...on('live-connections', 'BatchWriteItem', 'GetItem', 'Query'),
    'execute-api:ManageConnections DELETE connections',
    'execute-api:ManageConnections POST connections',
    'lambda:InvokeFunction Authorize',
    ...consume('live-queue'),
    deadLetter,
  ],
  'billing/describe-bill': on('billing', 'GetItem'),
  'billing/bill-order': [...on('billing', 'PartiQLInsert', 'UpdateItem'), ...consume('billing-queue'), deadLetter],
};

const readable = (grant: string) =>
  grant
    .replace(/ \w*?(Tracking|Cursor|Session)Secret\w+$/, ' $1Secret')
    .replace(/ Payment(Keys[A-Z][a-z]+)[0-9A-F]{8}$/, ' $1')
    .replace(/ PaymentAskProvider\w+$/, ' AskProvider')
    .replace(/ PaymentTablesPayments\w+\/index/, ' payments/index')
    .replace(/ arn:.*:identity\/\*$/, ' Sender')
    .replace(/ IdentityAuthorize\w+$/, ' Authorize')
    .replace(/ (\w*?TellOrder)[0-9A-F]{8}$/, ' $1')
    .replace(/ \w*?TellServices[0-9A-F]{8}$/, ' TellServices')
    .replace(/ \S*LiveApi\w+\/local\/(POST|DELETE)\/@connections\/\*$/, ' $1 connections')
    .replace(/ \w*?(GetOrder|SessionServe|Serve[A-Z]\w+?)TenantRole\w+$/, ' $1TenantRole')
    .replace(/ IdentityAccounts\w+$/, ' Accounts')
    .replace(/ IdentityTenants\w+\/index/, ' tenants/index')
    .replace(/ SubjectKeysMasterKey\w+$/, ' MasterKey')
    .replace(/ OrderOrders\w+\/index/, ' orders/index')
    .replace(/ PrivacyErasures\w+\/index/, ' erasures/index')
    .replace(/ AlertWatchStates\w+\/index/, ' order-payment-store/index')
    .replace(/^(lambda:InvokeFunction \w+?)[0-9A-F]{8}$/, '$1');

const everybody = /^(logs|xray):/;

test.each(Object.keys(expected))('S3-53 P17 service to service: %s may do what it does and nothing else', (label) => {
  const own = (allowed('local')[label] ?? []).map(readable).filter((grant) => !everybody.test(grant));
  expect(own.sort()).toEqual([...(expected[label] ?? [])].sort());
});

test.each(Object.keys(expected))('P17 %s logs to the group of its service and traces', (label) => {
  const common = (allowed('local')[label] ?? []).filter((grant) => everybody.test(grant));
  const { functions, target } = stages.local;
  const group = target(functions.find((one) => one.label === label)?.resource.properties.LoggingConfig.LogGroup);
  expect(common.sort()).toEqual([
    `logs:CreateLogStream ${group}`,
    `logs:PutLogEvents ${group}`,
    'xray:PutTelemetryRecords *',
    'xray:PutTraceSegments *',
  ]);
});

/** AWS offers no resource for these actions. */
const withoutResource = ['xray:PutTelemetryRecords *', 'xray:PutTraceSegments *'];

/** Connections come and go: both functions may send to and close those of their own API and stage alone. */
const toConnections =
  /^execute-api:ManageConnections \{.*\{Ref:LiveApi\w+\},\/(local|prod)\/(POST|DELETE)\/@connections\/\*\]\]\}$/;

test.each<[keyof typeof stages & StageName]>([['local'], ['prod']])(
  'P17 no role of %s has a wildcard action or resource',
  (stage) => {
    const { ofType, statementsOf } = stages[stage];
    const grants = ofType('IAM::Role').flatMap(({ id }) =>
      statementsOf(id).flatMap(({ Action, Resource }: Record<string, string | string[]>) =>
        list(Action).flatMap((action) => list(Resource).map((resource) => `${action} ${JSON.stringify(resource)}`)),
      ),
    );
    const wild = grants.map((grant) => grant.replaceAll('"', '')).filter((grant) => grant.includes('*'));
    expect(grants.length).toBeGreaterThan(50);
    expect(wild.filter((grant) => toConnections.test(grant))).toHaveLength(4);
    const toRecipients = /^ses:SendEmail \S*:identity\/\*$/; // bound to the sender by a condition
    expect(wild.filter((grant) => toRecipients.test(grant))).toHaveLength(1);
    const known = (grant: string) =>
      withoutResource.includes(grant) || toConnections.test(grant) || toRecipients.test(grant);
    expect(wild.filter((grant) => !known(grant))).toEqual([]);
  },
);

test('P17 only API Gateway, which wants it to write logs, has a policy that AWS manages', () => {
  const managed = stages.prod.ofType('IAM::Role').flatMap(({ properties }) => properties.ManagedPolicyArns ?? []);
  expect(managed.map(referenced)).toEqual([
    'arn:AWS::Partition:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
  ]);
});

test('every role is for one AWS service, but those that functions take for one tenant', () => {
  for (const { id, properties } of stages.prod.ofType('IAM::Role')) {
    if (/TenantRole[0-9A-F]{8}$/.test(id)) continue;
    const [statement, ...others] = properties.AssumeRolePolicyDocument.Statement;
    expect(others).toEqual([]);
    expect(statement.Principal.Service).toMatch(/^(lambda|apigateway)\.amazonaws\.com$/);
  }
});

test('EventBridge and the socket API run functions by a permission, each from one place', () => {
  const permissions = stages.prod.ofType('Lambda::Permission').map(({ properties }) => properties);
  const told = permissions.map(({ FunctionName, Principal }) => `${stages.prod.functionOf(FunctionName)} ${Principal}`);
  expect(told.sort()).toEqual([
    'alert/check-deadlines events.amazonaws.com',
    'inventory/audit-stock events.amazonaws.com',
    'live/serve-connections apigateway.amazonaws.com',
    'order/sweep-due-orders events.amazonaws.com',
    'payment/poll-payments events.amazonaws.com',
    'privacy/sweep-erasures events.amazonaws.com',
  ]);
  for (const { SourceArn } of permissions) expect(SourceArn).toBeDefined();
});

test('the REST API runs its functions by one role, which may run just these', () => {
  const { ofType, statementsOf, functionOf } = stages.prod;
  const [role, ...others] = ofType('IAM::Role').filter(({ id }) => id.startsWith('ApiInvoker'));
  expect(others).toEqual([]);
  const [statement, ...more] = statementsOf(role?.id ?? '');
  expect(more).toEqual([]);
  expect(statement?.Action).toBe('lambda:InvokeFunction');
  expect(list(statement?.Resource).map(functionOf).sort()).toEqual([
    'alert/serve-alerts',
    'catalog/serve-catalog',
    'identity/authorize',
    'identity/serve-session',
    'identity/serve-sign-in',
    'identity/serve-tenants',
    'identity/serve-users',
    'inventory/serve-stock',
    'manual/serve-manual',
    'order/get-order',
    'order/health',
    'order/place-order',
    'order/serve-orders',
    'payment/receive-webhooks',
    'payment/serve-payments',
    'privacy/serve-privacy',
    'return/serve-returns',
  ]);
});

test('no role has more statements than IAM takes inline', () => {
  for (const { properties } of stages.prod.ofType('IAM::Role'))
    expect(JSON.stringify(properties.Policies ?? []).length).toBeLessThan(10_240);
});
