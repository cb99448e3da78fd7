import { existsSync } from 'node:fs';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type * as z from 'zod';
import * as alert from '../../lambda/alert/env';
import * as archive from '../../lambda/archive/env';
import * as billing from '../../lambda/billing/env';
import * as catalog from '../../lambda/catalog/env';
import * as identity from '../../lambda/identity/env';
import * as inventory from '../../lambda/inventory/env';
import { tenantRoleEnv } from '../../lambda/kernel/dynamodb/tenant-client';
import { cursorEnv } from '../../lambda/kernel/http/list-page';
import { countingEnv, middlewareEnv } from '../../lambda/kernel/http/middleware';
import { destroyingEnv, sealingEnv } from '../../lambda/kernel/sealing/sealing';
import * as live from '../../lambda/live/env';
import * as notification from '../../lambda/notification/env';
import * as order from '../../lambda/order/env';
import * as payment from '../../lambda/payment/env';
import * as privacy from '../../lambda/privacy/env';
import * as returns from '../../lambda/return/env';
import { ServiceFunction } from '../../lib/constructs/service-function';
import { stackOf } from './stacks';
import { referenced, synthesize } from './synthesize';

const { ofType, byId, target, functions } = synthesize('local');

const schemas: Record<string, z.ZodObject> = {
  'catalog/serve-catalog': catalog.serveCatalogEnv.extend({
    ...middlewareEnv.shape,
    ...tenantRoleEnv.shape,
    ...cursorEnv.shape,
  }),
  'catalog/project-shop': catalog.projectShopEnv,
  'catalog/relay-catalog-events': catalog.relayCatalogEventsEnv,
  'identity/authorize': identity.authorizeEnv.extend({ ...countingEnv.shape, ...sealingEnv.shape }),
  'identity/serve-sign-in': identity.serveSignInEnv.extend({
    ...middlewareEnv.shape,
    ...sealingEnv.shape,
    ...tenantRoleEnv.shape,
  }),
  'identity/serve-session': identity.serveSessionEnv.extend({
    ...middlewareEnv.shape,
    ...sealingEnv.shape,
    ...tenantRoleEnv.shape,
  }),
  'identity/serve-users': identity.serveUsersEnv.extend({
    ...sealingEnv.shape,
    ...middlewareEnv.shape,
    ...tenantRoleEnv.shape,
    ...cursorEnv.shape,
  }),
  'identity/serve-tenants': identity.serveTenantsEnv.extend({ ...middlewareEnv.shape, ...cursorEnv.shape }),
  'identity/describe-user': identity.describeUserEnv,
  'identity/erase-user': identity.eraseUserEnv.extend(sealingEnv.shape),
  'identity/relay-user-events': identity.relayUserEventsEnv,
  'identity/relay-tenant-events': identity.relayTenantEventsEnv,
  'order/place-order': order.placeOrderEnv.extend({ ...middlewareEnv.shape, ...sealingEnv.shape }),
  'order/get-order': order.getOrderEnv.extend({ ...middlewareEnv.shape, ...sealingEnv.shape, ...tenantRoleEnv.shape }),
  'order/serve-orders': order.serveOrdersEnv.extend({
    ...sealingEnv.shape,
    ...middlewareEnv.shape,
    ...tenantRoleEnv.shape,
    ...cursorEnv.shape,
  }),
  'order/describe-order': order.describeOrderEnv,
  'order/find-personal-orders': order.findPersonalOrdersEnv.extend(sealingEnv.shape),
  'privacy/serve-privacy': privacy.servePrivacyEnv.extend({ ...middlewareEnv.shape, ...tenantRoleEnv.shape }),
  'privacy/erase-subjects': privacy.eraseSubjectsEnv.extend(destroyingEnv.shape),
  'privacy/sweep-erasures': privacy.sweepErasuresEnv.extend(destroyingEnv.shape),
  'privacy/relay-privacy-events': privacy.relayPrivacyEventsEnv,
  'return/find-open-returns': returns.findOpenReturnsEnv,
  'order/project-shop': order.projectShopDataEnv,
  'order/health': order.healthEnv.extend(middlewareEnv.shape),
  'order/relay-order-events': order.relayOrderEventsEnv,
  'order/advance-order': order.advanceOrderEnv,
  'order/sweep-due-orders': order.sweepDueOrdersEnv,
  'inventory/take-stock': inventory.takeStockEnv,
  'inventory/relay-inventory-events': inventory.relayInventoryEventsEnv,
  'inventory/serve-stock': inventory.serveStockEnv.extend({
    ...middlewareEnv.shape,
    ...tenantRoleEnv.shape,
    ...cursorEnv.shape,
  }),
  'inventory/project-catalog': inventory.projectCatalogEnv,
  'inventory/describe-reservation': inventory.describeReservationEnv,
  'inventory/audit-stock': inventory.auditStockEnv,
  'inventory/take-returns': inventory.takeReturnsEnv,
  'payment/ask-provider': payment.askProviderEnv,
  'payment/request-payments': payment.requestPaymentsEnv,
  'payment/poll-payments': payment.pollPaymentsEnv,
  'payment/receive-webhooks': payment.receiveWebhooksEnv.extend(countingEnv.shape),
  'payment/describe-payment': payment.describePaymentEnv,
  'payment/relay-payment-events': payment.relayPaymentEventsEnv,
  'payment/serve-payments': payment.servePaymentsEnv.extend({
    ...middlewareEnv.shape,
    ...tenantRoleEnv.shape,
    ...cursorEnv.shape,
  }),
  'return/serve-returns': returns.serveReturnsEnv.extend({
    ...sealingEnv.shape,
    ...middlewareEnv.shape,
    ...tenantRoleEnv.shape,
    ...cursorEnv.shape,
  }),
  'return/note-delivery': returns.noteDeliveryEnv,
  'return/relay-return-events': returns.relayReturnEventsEnv,
  'alert/raise-alerts': alert.raiseAlertsEnv,
  'alert/relay-alert-events': alert.relayAlertEventsEnv,
  'alert/describe-alerts': alert.describeAlertsEnv,
  'alert/reconcile-payments': alert.reconcilePaymentsEnv,
  'alert/check-deadlines': alert.checkDeadlinesEnv,
  'alert/record-alerts': alert.recordAlertsEnv,
  'alert/serve-alerts': alert.serveAlertsEnv.extend({
    ...middlewareEnv.shape,
    ...tenantRoleEnv.shape,
    ...cursorEnv.shape,
  }),
  'notification/notify-customer': notification.notifyCustomerEnv.extend({ ...countingEnv.shape, ...sealingEnv.shape }),
  'notification/describe-mails': notification.describeMailsEnv,
  'archive/archive-events': archive.archiveEventsEnv,
  'billing/bill-order': billing.billOrderEnv,
  'billing/describe-bill': billing.describeBillEnv,
  'live/serve-connections': live.serveConnectionsEnv.extend(middlewareEnv.shape),
  'live/push-events': live.pushEventsEnv,
  'manual/serve-manual': middlewareEnv,
};

test('every function is known here', () => {
  expect(functions.map(({ label }) => label).sort()).toEqual(Object.keys(schemas).sort());
});

test('S0-03 every function of the stack is TypeScript, bundled by NodejsFunction', () => {
  expect(ofType('Lambda::Function')).toHaveLength(functions.length);
  for (const { label } of functions) expect(existsSync(`lambda/${label}.handler.ts`)).toBe(true);
  for (const child of stackOf('local')
    .stack.node.findAll()
    .filter((construct) => construct instanceof ServiceFunction))
    expect(child).toBeInstanceOf(NodejsFunction);
});

/** What the deployed variable would hold: a literal as it is, a reference as AWS would fill it. */
const deployed = (name: string, value: unknown): string => {
  if (typeof value === 'string') return value;
  if (name.endsWith('_QUEUE_URL')) return `https://sqs.us-east-1.amazonaws.com/111111111111/${target(value)}`;
  if (name.endsWith('_ARN')) return `arn:aws:service:us-east-1:111111111111:${target(value)}`;
  return target(value).replace('AWS::URLSuffix', 'amazonaws.com');
};

describe.each(functions.map(({ label, resource }) => [label, resource.properties] as const))(
  '%s',
  (label, properties) => {
    const variables: Record<string, string> = Object.fromEntries(
      Object.entries(properties.Environment.Variables).map(([name, value]) => [name, deployed(name, value)]),
    );

    test('starts with the variables that its handler reads, and no others', () => {
      const schema = schemas[label];
      expect(schema?.safeParse(variables).error).toBeUndefined();
      const { POWERTOOLS_SERVICE_NAME, POWERTOOLS_METRICS_NAMESPACE, ...own } = variables;
      expect(POWERTOOLS_METRICS_NAMESPACE).toBe('OrderSystem');
      expect(POWERTOOLS_SERVICE_NAME).toBe(label.split('/')[0]);
      expect(Object.keys(own).sort()).toEqual(Object.keys(schema?.shape ?? {}).sort());
    });

    test('has no secret in its variables', () => {
      expect(JSON.stringify(properties.Environment)).not.toMatch(/resolve:secretsmanager|SecretString/);
    });

    test('S3-55 is traced', () => expect(properties.TracingConfig).toEqual({ Mode: 'Active' }));

    test('S3-56 logs JSON to the group of its service, which is cleared in time', () => {
      expect(properties.LoggingConfig).toMatchObject({
        LogFormat: 'JSON',
        ApplicationLogLevel: 'INFO',
        SystemLogLevel: 'WARN',
      });
      const group = byId(target(properties.LoggingConfig.LogGroup));
      expect(group.properties.RetentionInDays).toBe(7);
    });

    test('runs on a supported Node, with the memory that it was measured with', () => {
      expect(properties).toMatchObject({ Runtime: 'nodejs24.x' });
      const large = ['order/place-order', 'inventory/audit-stock'];
      expect(properties.MemorySize).toBe(large.includes(label) ? 512 : 256);
    });
  },
);

test('S2-30 only the function that may wait for a version runs as long as API Gateway waits for it', () => {
  const long = functions.filter(({ resource }) => resource.properties.Timeout >= 29);
  expect(long.map(({ label, resource }) => [label, resource.properties.Timeout])).toContainEqual([
    'order/get-order',
    29,
  ]);
});

test('no two functions share a role, and each service has one log group', () => {
  expect(new Set(functions.map(({ resource }) => target(resource.properties.Role))).size).toBe(functions.length);
  const groups = new Map<string, Set<string>>();
  for (const { label, resource } of functions) {
    const [service = ''] = label.split('/');
    groups.set(service, (groups.get(service) ?? new Set()).add(target(resource.properties.LoggingConfig.LogGroup)));
  }
  expect([...groups.values()].map(({ size }) => size)).toEqual([...groups].map(() => 1));
  expect(new Set([...groups.values()].flatMap((group) => [...group])).size).toBe(groups.size);
});

test('P3 functions of the local stage run on the processor of the machine, those on AWS on arm64', () => {
  const own = { arm64: 'arm64', x64: 'x86_64' }[process.arch as string];
  for (const { resource } of functions) expect(resource.properties.Architectures).toEqual([own]);
  for (const { resource } of synthesize('prod').functions) expect(resource.properties.Architectures).toEqual(['arm64']);
});

test('no log group is kept for ever', () => {
  const kept = ofType('Logs::LogGroup').map(({ properties }) => properties.RetentionInDays);
  expect(kept).toEqual(kept.map(() => 7));
});

test('the sweeps run every minute, by one rule, and each is done before its next run', () => {
  const [rule, ...others] = ofType('Events::Rule').filter(({ id }) => id.includes('EveryMinute'));
  expect(others).toEqual([]);
  expect(rule?.properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
  const targets: { Arn: string; Id: string; RetryPolicy: object }[] = rule?.properties.Targets;
  expect(targets.length).toBeLessThanOrEqual(5); // EventBridge's limit
  const run = targets.map(({ Arn, RetryPolicy }) => {
    expect(RetryPolicy).toEqual({ MaximumRetryAttempts: 0 });
    const sweep = functions.find(({ resource }) => resource.id === target(Arn));
    return [sweep?.label, sweep?.resource.properties.Timeout];
  });
  expect(Object.fromEntries(run)).toEqual({
    'order/sweep-due-orders': 50,
    'payment/poll-payments': 55,
    'alert/check-deadlines': 59,
    'privacy/sweep-erasures': 58,
  });
  const allowed = ofType('Lambda::Permission').filter(
    ({ properties }) =>
      referenced(properties.SourceArn) === rule?.id && properties.Principal === 'events.amazonaws.com',
  );
  expect(allowed.map(({ properties }) => referenced(properties.FunctionName)).sort()).toEqual(
    targets.map(({ Arn }) => target(Arn)).sort(),
  );
});
