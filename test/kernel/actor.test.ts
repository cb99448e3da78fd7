import { actorOf, guest, networkOf } from '../../lambda/kernel/http/caller';
import { trustedTenant } from '../../lambda/kernel/tenant';

const tenant = trustedTenant('shop-a');

describe('S2-39 who did what, from where', () => {
  test.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:0db8:0001::77', '2001:db8:1::/48'],
    ['::1', '0:0:0::/48'],
  ])('of %s the network is kept and not the address (P14)', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  test.each(['unknown', '', '999.1.1.1', 'localhost'])('"%s" is no address, and nothing is kept of it', (address) => {
    expect(networkOf(address)).toBeUndefined();
  });

  test('names the user of the token, and a guest by that word', () => {
    expect(actorOf({ caller: { tenant, userId: 'u-1', roles: [] }, sourceIp: '203.0.113.7' })).toEqual({
      actor: 'u-1',
      network: '203.0.113.0/24',
    });
    expect(actorOf({ caller: guest(tenant), sourceIp: 'unknown' })).toEqual({ actor: 'guest', network: undefined });
  });
});
