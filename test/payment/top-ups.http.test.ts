import type { UserStatus } from '../../lambda/contracts/calls/user-calls';
import { describeUser } from '../../lambda/identity/users/change-user';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { accountStore } from '../../lambda/payment/accounts/account.store';
import { topUpAccountRoute } from '../../lambda/payment/accounts/accounts.http';
import { userGateway } from '../../lambda/payment/order.gateway';
import { accountBook, balanceGateway } from '../../lambda/payment/providers/balance/balance.gateway';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { call } from '../support/http';
import { aCharge } from './charges';

const tenant = trustedTenant('shop-a');
const at = '2026-11-21T08:00:00.000Z';
const users: Readonly<Record<string, UserStatus>> = {
  'shop-a/customer-1': 'ACTIVE',
  'shop-a/customer-2': 'DISABLED',
  'shop-a/customer-3': 'DELETED',
  'shop-b/customer-4': 'ACTIVE',
  'shop-a/staff-1': 'ACTIVE',
};

/** The identity service, as it answers the query of the payment service. */
const identity = describeUser({
  find: async (key) => {
    const status = users[`${key.tenant}/${key.userId}`];
    return status && ({ ...key, status } as never);
  },
});

const desk = (invoke: (query: unknown) => Promise<unknown> = identity) => {
  const book = accountBook(accountStore('accounts', memoryDynamoDb().db));
  const route = topUpAccountRoute({ book, users: userGateway(invoke), now: () => new Date(at) });
  let asked = 0;
  return {
    book,
    topUp: (userId: string, body: object = { amount: 500, currency: 'JPY' }, roles = ['staff']) => {
      asked += 1;
      return call(route, {
        operation: 'topUpAccount',
        caller: { tenant, userId: 'staff-1', roles },
        pathParameters: { userId },
        headers: { 'content-type': 'application/json', 'idempotency-key': `key-${asked}` },
        body: JSON.stringify(body),
      });
    },
  };
};

describe('a top-up', () => {
  test.each([
    ['nobody', 'customer-9', 404, 'UserNotFound'],
    ['another tenant’s user', 'customer-4', 404, 'UserNotFound'],
    ['a user who is deleted', 'customer-3', 409, 'UserDeleted'],
    ['what is no ID', 'a#b', 400, 'ValidationFailed'],
  ])('F-13 for %s is refused, and makes no account', async (_whose, userId, status, title) => {
    const { topUp, book } = desk();
    const answer = await topUp(userId);
    expect([answer.status, answer.body.title]).toEqual([status, title]);
    expect(await book.get({ tenant, userId })).toBeUndefined();
  });

  test.each(['customer-1', 'customer-2'])('F-13 for the user %s is taken', async (userId) => {
    expect(await desk().topUp(userId)).toMatchObject({ status: 201, body: { userId, balance: 500 } });
  });

  test.each([['staff'], ['tenant-admin']])('F-13 of one’s own balance is refused to %s', async (role) => {
    const { topUp, book } = desk();
    const { status, body } = await topUp('staff-1', { amount: 500, currency: 'JPY' }, [role]);
    expect([status, body.title]).toEqual([403, 'Forbidden']);
    expect(body.detail).toBe('You cannot top up your own account. Ask another member of staff.');
    expect(await book.get({ tenant, userId: 'staff-1' })).toBeUndefined();
  });

  test('F-13 is 503 with Retry-After, and nothing is put in, when the identity service gives no answer', async () => {
    const { topUp, book } = desk(async () => Promise.reject(new Error('timed out')));
    const { status, body, headers } = await topUp('customer-1');
    expect([status, body.title, headers['retry-after']]).toEqual([503, 'IdentityServiceUnavailable', '1']);
    expect(await book.get({ tenant, userId: 'customer-1' })).toBeUndefined();
  });

  test('F-13 says which currency an account is kept in, and how much it may hold', async () => {
    const { topUp } = desk();
    await topUp('customer-1', { amount: 99_500_000_000 / 100, currency: 'JPY' });
    expect((await topUp('customer-1', { amount: 5, currency: 'USD' })).body).toMatchObject({
      title: 'AccountCurrency',
      detail: "The account's currency is JPY, but the top-up is in USD.",
    });
    const { book, topUp: fill } = desk();
    await book.topUp(
      { tenant, userId: 'customer-1' },
      { key: 'k', amount: 99_999_999_999, currency: 'JPY', at, by: 'x' },
    );
    expect((await fill('customer-1', { amount: 2, currency: 'JPY' })).body).toMatchObject({
      title: 'AccountTooLarge',
      detail: 'An account may be topped up to 100000000000 JPY. It holds 99999999999 JPY.',
    });
  });
});

test('F-13 a refund into a balance at its limit succeeds: the limit is for top-ups alone', async () => {
  const { book } = desk();
  const charge = aCharge({ paymentMethod: 'ACCOUNT_BALANCE' });
  const account = { tenant: charge.tenant, userId: 'ada' };
  const fill = (key: string, amount: number) =>
    book.topUp(account, { key, amount, currency: 'JPY', at, by: 'staff-1' });
  await fill('k-1', 100_000_000_000);
  const provider = balanceGateway(book, () => new Date(at));
  await provider.create(charge);
  await provider.capture(charge);
  await fill('k-2', 6600);
  const refund = { refundId: 'R-1', amount: 6600, currency: 'JPY', reason: 'returned', key: 'r' };
  expect(await provider.refund(charge, refund)).toMatchObject({ state: 'COMPLETED', amount: 6600 });
  expect(await book.get(account)).toMatchObject({ balance: 100_000_006_600, held: 0 });
  expect(await fill('k-3', 1)).toEqual({ accepted: false, reason: 'too-much' });
  const next = { ...charge, paymentId: 'PAY-ORD-000002', orderId: 'ORD-000002', key: 'shop-a/PAY-ORD-000002' };
  expect(await provider.create(next)).toMatchObject({ state: 'AUTHORIZED' }); // above the limit it can be spent
});
