import { defaultTenant, trustedTenant } from '../../lambda/kernel/tenant';
import { orderCode, orderNumbers } from '../../lambda/order/placing/order-number';

const counter = () => {
  const last = new Map<string, number>();
  const taken: number[] = [];
  const take = async (tenant: string, size: number) => {
    const first = (last.get(tenant) ?? 0) + 1;
    last.set(tenant, first + size - 1);
    taken.push(size);
    return first;
  };
  return { take, taken };
};

describe('order codes', () => {
  test('S4-08 are ORD- and at least six digits', () => {
    expect([orderCode(1), orderCode(999_999), orderCode(1_000_000)]).toEqual([
      'ORD-000001',
      'ORD-999999',
      'ORD-1000000',
    ]);
  });

  test('S4-02 start at ORD-000001 for each tenant', async () => {
    const { next } = orderNumbers(counter().take);
    expect([await next(trustedTenant('shop-a')), await next(trustedTenant('shop-b'))]).toEqual([
      'ORD-000001',
      'ORD-000001',
    ]);
  });

  test('G4 cost one write for at least ten orders, and no code comes twice, however many are asked for at once', async () => {
    const { take, taken } = counter();
    const { next } = orderNumbers(take);
    const codes = await Promise.all(Array.from({ length: 200 }, () => next(defaultTenant)));
    expect(new Set(codes).size).toBe(200);
    expect(taken.length).toBeLessThanOrEqual(20);
  });

  test('two functions never give the same code', async () => {
    const { take } = counter();
    const [one, other] = [orderNumbers(take), orderNumbers(take)];
    const codes = await Promise.all(Array.from({ length: 60 }, (_, n) => (n % 2 ? one : other).next(defaultTenant)));
    expect(new Set(codes).size).toBe(60);
  });

  test('a block that was fetched ahead serves the first orders', async () => {
    const { take, taken } = counter();
    const { next, prepare } = orderNumbers(take);
    await prepare(defaultTenant);
    expect([await next(defaultTenant), await next(defaultTenant), taken.length]).toEqual([
      'ORD-000001',
      'ORD-000002',
      1,
    ]);
  });

  test('a failed refill is tried again by the next order', async () => {
    const { take } = counter();
    let down = true;
    const { next } = orderNumbers(async (tenant, size) => {
      if (down) throw new Error('DynamoDB is down');
      return take(tenant, size);
    });
    await expect(next(defaultTenant)).rejects.toThrow('DynamoDB is down');
    down = false;
    expect(await next(defaultTenant)).toBe('ORD-000001');
  });
});
