import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { isTransactionConflict } from '../../lambda/kernel/dynamodb/dynamodb';
import { readEnv } from '../../lambda/kernel/env';
import { retry } from '../../lambda/kernel/retry';
import { parseTenantKey, tenantKey, trustedTenant } from '../../lambda/kernel/tenant';
import { traceparentOf } from '../../lambda/kernel/trace';

describe('the environment', () => {
  test('names every variable that is wrong, and the rule', () => {
    const schema = z.object({ NOT_SET_ANYWHERE: z.string(), HOME: z.coerce.number() });
    expect(() => readEnv(schema)).toThrow(/wrong environment: NOT_SET_ANYWHERE: .*; HOME: .*expected number/);
  });
});

describe('trying again', () => {
  const waits: number[] = [];
  const backoff = { attempts: 4, baseMs: 10, random: () => 0.5, sleep: async (ms: number) => void waits.push(ms) };

  test('waits longer each time, with jitter, and gives the last error', async () => {
    waits.length = 0;
    let tried = 0;
    const conflict = async () => {
      tried += 1;
      throw new Error(`conflict ${tried}`);
    };
    await expect(retry(conflict, () => true, backoff)).rejects.toThrow('conflict 4');
    expect(waits).toEqual([10, 20, 40]);
  });

  test('does not try again what would fail again', async () => {
    let tried = 0;
    const refused = async () => {
      tried += 1;
      throw new Error('condition failed');
    };
    await expect(retry(refused, () => false, backoff)).rejects.toThrow('condition failed');
    expect(tried).toBe(1);
  });

  const cancelled = (...codes: string[]) =>
    new TransactionCanceledException({
      message: '',
      $metadata: {},
      CancellationReasons: codes.map((Code) => ({ Code })),
    });

  test('a transaction conflict is worth another try, a failed condition never is', () => {
    expect(isTransactionConflict(cancelled('None', 'TransactionConflict'))).toBe(true);
    expect(isTransactionConflict(cancelled('ConditionalCheckFailed', 'TransactionConflict'))).toBe(false);
    expect(isTransactionConflict(cancelled('ConditionalCheckFailed'))).toBe(false);
    const single = new TransactionConflictException({ message: '', $metadata: {} });
    expect(isTransactionConflict(single)).toBe(true);
    expect(isTransactionConflict(new Error('TransactionConflict'))).toBe(false);
  });
});

describe('keys', () => {
  test('S4-01 start with the tenant, and are taken apart again', () => {
    const key = tenantKey(trustedTenant('shop-a'), 'IDEMPOTENCY#x');
    expect(key).toBe('shop-a#IDEMPOTENCY#x');
    expect(parseTenantKey(key)).toEqual({ tenant: 'shop-a', id: 'IDEMPOTENCY#x' });
  });

  test.each(['', '#x', 'x'])('%p is no key of a tenant', (key) => expect(() => parseTenantKey(key)).toThrow());

  test('a tenant from a request does not compile', () => {
    // @ts-expect-error a plain string is not a trusted tenant
    expect(tenantKey('shop-a', 'ORD-000001')).toBe('shop-a#ORD-000001');
  });
});

describe('the trace context', () => {
  const w3c = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const xray = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';

  test.each([
    ['the caller’s own', w3c, xray, w3c],
    ['made from X-Ray’s', undefined, xray, '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01'],
    [
      'made from X-Ray’s when the caller’s is broken',
      'x',
      xray,
      '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01',
    ],
    [
      'not sampled',
      undefined,
      'Root=1-5759e988-bd862e3fe1be46a994272793',
      '00-5759e988bd862e3fe1be46a994272793-bd862e3fe1be46a9-00',
    ],
    ['none', undefined, undefined, undefined],
    ['none for one that is all zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, undefined, undefined],
  ])('is %s', (_what, traceparent, header, expected) => expect(traceparentOf(traceparent, header)).toBe(expected));
});
