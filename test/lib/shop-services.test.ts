import { synthesize } from './synthesize';

const { ofType, functions, functionOf, target, statementsOf } = synthesize('local');

const tables = ofType('DynamoDB::GlobalTable');

/** The tables that a function's role, or the one that it takes for a tenant, may write. */
const writtenBy = (label: string): string[] => {
  const found = functions.find((one) => one.label === label);
  if (found === undefined) throw new Error(`there is no function ${label}`);
  const { Role, Environment } = found.resource.properties;
  const text = JSON.stringify([Role, Environment.Variables.TENANT_ROLE_ARN].flatMap(statementsOf));
  return tables.filter(({ id }) => text.includes(`"${id}"`)).map(({ properties }) => properties.TableName);
};

test.each([
  ['auth-api', 'identity/serve-users', 'users'],
  ['product-api', 'catalog/serve-catalog', 'products'],
  ['stock-api', 'inventory/serve-stock', 'inventory'],
  ['order-api', 'order/place-order', 'orders'],
  ['order-worker', 'order/advance-order', 'orders'],
])('S1-01 the service %s is %s, a function of its own over the table %s', (_service, label, table) => {
  expect(writtenBy(label)).toContain(table);
});

test('S1-01 the four services are functions with a role each, and none writes another’s table', () => {
  const own = {
    'identity/serve-users': 'users',
    'catalog/serve-catalog': 'products',
    'inventory/serve-stock': 'inventory',
    'order/place-order': 'orders',
  };
  for (const label of Object.keys(own)) {
    const others = Object.entries(own).flatMap(([other, table]) => (other === label ? [] : [table]));
    expect([label, writtenBy(label).filter((table) => others.includes(table))]).toEqual([label, []]);
  }
});

test('S1-01 the worker answers no request: it listens to the queue of what stock and payments report of orders', () => {
  const heard = ofType('Lambda::EventSourceMapping')
    .filter(({ properties }) => functionOf(properties.FunctionName) === 'order/advance-order')
    .map(({ properties }) => target(properties.EventSourceArn));
  expect(heard).toEqual(['order-saga-queue']);
});
