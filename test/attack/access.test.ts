import { routes } from '../../lambda/contracts/api/routes';
import { expectedOf, isAsExpected } from './access/expected';

describe('what the policy table says', () => {
  test.each([
    ['getOrder', 'customer', 'own', 'served'],
    ['getOrder', 'customer', "another person's", 'nothing there'],
    ['getOrder', 'staff', "another person's", 'served'],
    ['getOrder', 'staff', "another shop's", 'nothing there'],
    ['getOrder', 'platform-admin', 'own', 'forbidden'],
    ['getOrderTimeline', 'guest', 'own', 'sign in'],
    ['getTenant', 'tenant-admin', "another shop's", 'nothing there'],
    ['getTenant', 'platform-admin', "another shop's", 'served'],
    ['getProduct', 'guest', 'malformed', 'no ID'],
    ['listOrders', 'customer', undefined, 'served'],
    ['listOrders', 'guest', undefined, 'sign in'],
  ] as const)('%s by a %s, %s: %s', (operation, who, identifier, expected) => {
    expect(expectedOf(routes[operation], who, identifier)).toBe(expected);
  });

  test('what is not there is 404, and never 403, which would tell that it is', () => {
    expect([403, 404, 200].filter((status) => isAsExpected('nothing there', status, 'customer'))).toEqual([404]);
  });
});
