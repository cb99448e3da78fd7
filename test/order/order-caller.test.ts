import { guest } from '../../lambda/kernel/http/caller';
import type { Incoming } from '../../lambda/kernel/http/request';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { orderCaller } from '../../lambda/order/placing/order-caller.http';
import { defaultSettings } from '../../lambda/order/shop/tenant-settings';

const staff = { tenant: trustedTenant('shop-a'), userId: 'u-1', email: 'staff@example.com', roles: ['staff'] };
const asked: string[] = [];

const callerOf = orderCaller({
  storefronts: { tenantOf: async (key) => (key === 'key-of-shop-a' ? trustedTenant('shop-a') : undefined) },
  settings: { of: async () => defaultSettings },
  bearer: async (authorization) => {
    asked.push(authorization);
    return authorization === 'Bearer good' ? staff : undefined;
  },
});

const sentWith = (headers: Readonly<Record<string, string>>) =>
  callerOf({ header: (name: string) => headers[name] } as unknown as Incoming);

describe('who places an order', () => {
  test('is a guest in the shop of the storefront key, and nobody is asked about it', async () => {
    expect(await sentWith({ 'x-storefront-key': 'key-of-shop-a' })).toMatchObject(guest(trustedTenant('shop-a')));
    expect(asked).toEqual([]);
  });

  test('is a guest of the default tenant without a key', async () => {
    expect(await sentWith({})).toMatchObject(guest(trustedTenant('default')));
  });

  test.each(['unknown-key', '../shop-b#', ''])(
    'is refused with the storefront key %p, which nobody has',
    async (key) => {
      expect(await sentWith({ 'x-storefront-key': key })).toMatchObject({
        status: 401,
        problem: 'UnknownStorefrontKey',
      });
    },
  );

  test('S4-49 is whom the token names, whatever the storefront key says', async () => {
    expect(await sentWith({ authorization: 'Bearer good', 'x-storefront-key': 'key-of-shop-b' })).toEqual(staff);
  });

  test.each(['Bearer bad', 'good', ''])('is refused with the Authorization %p, and is no guest then', async (sent) => {
    expect(await sentWith({ authorization: sent })).toMatchObject({ status: 401, problem: 'InvalidToken' });
  });
});
