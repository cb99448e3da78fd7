import { readFileSync } from 'node:fs';
import { defaultLimits } from '../../lambda/kernel/http/caller';
import { addressPerMinute } from '../../lambda/kernel/http/rate-limit';
import { callerWaits, longestWaitMs, tenantWaits } from '../../lambda/kernel/http/wait-limit';
import { synthesize } from './synthesize';

const ofAccount = 1000;
const requestSeconds = 0.1;
const prod = synthesize('prod');
const page = readFileSync('docs/operations/quotas.md', 'utf8');

/** A row of the page: environments at most, and their share of the account. */
const stated = (who: string): [number, number] => {
  const row = page.split('\n').find((line) => line.startsWith(`| ${who}`)) ?? '';
  const [, environments = '', share = ''] = /\| ([\d,.]+) \| ([\d.]+) % \|$/.exec(row) ?? [];
  return [Number(environments), Number(share)];
};

const timeoutOf = (label: string): number =>
  prod.functions.find((one) => one.label === label)?.resource.properties.Timeout;

const reserved = (stage: ReturnType<typeof synthesize>) =>
  Object.fromEntries(
    stage.functions.flatMap(({ label, resource: { properties } }) =>
      properties.ReservedConcurrentExecutions === undefined ? [] : [[label, properties.ReservedConcurrentExecutions]],
    ),
  );

/** Environments = rate × duration. */
const environments = (perMinute: number, seconds: number, functions = 1) => (perMinute / 60) * seconds * functions;

describe('F-30 no caller can occupy more than a small share of the functions', () => {
  const waitSeconds = longestWaitMs / 1000;
  const [stage] = prod.ofType('ApiGateway::Stage');
  const throttle: number = stage?.properties.MethodSettings[0].ThrottlingRateLimit;

  test.each([
    ['a caller that waits', environments((callerWaits * 60) / waitSeconds, waitSeconds, 2), 10, 1],
    ['all of a tenant that wait', environments((tenantWaits * 60) / waitSeconds, waitSeconds, 2), 50, 5],
    ['a caller’s other requests', environments(defaultLimits.callerPerMinute, requestSeconds), 2, 0.2],
    ['a tenant’s other requests', environments(defaultLimits.tenantPerMinute, requestSeconds), 10, 1],
    ['an address, before', environments(addressPerMinute, requestSeconds, 2), 20, 2],
    ['everybody, by API Gateway', environments(throttle * 60, requestSeconds, 2), 200, 20],
  ])('%s: %d environments, as the page says', (who, computed, most, percent) => {
    expect(Math.round(computed * 10) / 10).toBe(most);
    expect(stated(who.replace('’', "'"))).toEqual([most, percent]);
    expect((100 * most) / ofAccount).toBe(percent);
  });

  test('a wait fits into the time that its function has, and API Gateway waits for', () => {
    for (const label of ['order/get-order', 'identity/serve-session'])
      expect([label, timeoutOf(label)]).toEqual([label, 29]);
    expect(waitSeconds).toBeLessThan(29);
  });

  test('no other function of the API may run for longer than ten seconds', () => {
    const [role] = prod.ofType('IAM::Role').filter(({ id }) => id.startsWith('ApiInvoker'));
    const invoked = prod.statementsOf(role?.id).flatMap(({ Resource }) => [Resource].flat().map(prod.functionOf));
    const long = invoked.filter((label) => timeoutOf(label) > 10);
    expect(invoked.length).toBeGreaterThan(10);
    expect(long.sort()).toEqual(['identity/serve-session', 'order/get-order']);
  });

  test('on prod those two have a bounded part of the account, and the rest is left to the others', () => {
    expect(reserved(prod)).toEqual({ 'order/get-order': 100, 'identity/serve-session': 200 });
    expect(page).toContain('700 are left');
    // two tenants that wait for all that they may still leave the function to others
    expect(2 * 2 * tenantWaits).toBeLessThanOrEqual(100);
  });

  test('other stages reserve nothing, and neither does prod for who says so: a new account has ten', () => {
    expect([reserved(synthesize('local')), reserved(synthesize('dev'))]).toEqual([{}, {}]);
    expect(reserved(synthesize('prod', { reservedConcurrency: 'off' }))).toEqual({});
  });
});
