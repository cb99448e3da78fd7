import { accountStore } from '../../lambda/payment/accounts/account.store';
import { accountBook, balanceGateway } from '../../lambda/payment/providers/balance/balance.gateway';
import type { Charge } from '../../lambda/payment/providers/provider';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { aCharge } from './charges';

const at = '2026-11-21T08:00:00.000Z';
const now = () => new Date(at);

/** A customer with this balance, and one who is to pay. */
const customer = async (balance: number, given: Partial<Charge> = {}) => {
  const book = accountBook(accountStore('accounts', memoryDynamoDb().db));
  const charge = aCharge({ paymentMethod: 'ACCOUNT_BALANCE', ...given });
  const account = { tenant: charge.tenant, userId: 'ada' };
  await book.topUp(account, { key: 'k-1', amount: balance, currency: 'JPY', at, by: 'staff-1' });
  return { provider: balanceGateway(book, now), charge, left: () => book.get(account), book, account };
};

test('S2-12 holds what is asked for, takes it, and gives it back', async () => {
  const { provider, charge, left } = await customer(10_000);
  expect(await provider.create(charge)).toMatchObject({ state: 'AUTHORIZED', amount: 6600 });
  expect(await left()).toMatchObject({ balance: 3400, held: 6600 });
  expect(await provider.capture(charge)).toMatchObject({ state: 'CAPTURED', amount: 6600, refundedAmount: 0 });
  expect(await left()).toMatchObject({ balance: 3400, held: 0 });
  await provider.refund(charge, { refundId: 'R-1', amount: 600, currency: 'JPY', reason: 'returned', key: 'r' });
  expect(await left()).toMatchObject({ balance: 4000, held: 0 });
});

test('S2-12 lets go what it held', async () => {
  const { provider, charge, left } = await customer(10_000);
  await provider.create(charge);
  expect(await provider.cancel(charge)).toMatchObject({ state: 'CANCELLED' });
  expect(await left()).toMatchObject({ balance: 10_000, held: 0 });
});

test('S2-12 a balance that is too small pays nothing', async () => {
  const { provider, charge, left } = await customer(6599);
  expect(await provider.create(charge)).toMatchObject({ state: 'FAILED', failureReason: 'insufficient-balance' });
  expect(await left()).toMatchObject({ balance: 6599, held: 0, version: 1 });
  await expect(provider.capture(charge)).rejects.toMatchObject({ reason: 'not-held' });
});

test('S2-12 a cancel that overtakes its charge leaves nothing to be held', async () => {
  const { provider, charge, left } = await customer(10_000);
  await provider.cancel(charge);
  expect(await provider.create(charge)).toMatchObject({ state: 'CANCELLED' });
  expect(await left()).toMatchObject({ balance: 10_000, held: 0 });
});

test('S2-12 what was let go is not taken, and what was taken is not let go', async () => {
  const one = await customer(10_000);
  await one.provider.create(one.charge);
  await one.provider.cancel(one.charge);
  expect(await one.provider.capture(one.charge)).toMatchObject({ state: 'CANCELLED' });
  expect(await one.left()).toMatchObject({ balance: 10_000, held: 0 });
  const other = await customer(10_000);
  await other.provider.create(other.charge);
  await other.provider.capture(other.charge);
  expect(await other.provider.cancel(other.charge)).toMatchObject({ state: 'CAPTURED' });
  expect(await other.left()).toMatchObject({ balance: 3400, held: 0 });
});

test('S2-12 of a capture and a cancel at once, one happens', async () => {
  const { provider, charge, left } = await customer(10_000);
  await provider.create(charge);
  const [taken, letGo] = await Promise.all([provider.capture(charge), provider.cancel(charge)]);
  expect(taken.state).toBe(letGo.state);
  const { balance, held } = (await left()) ?? {};
  expect({ balance, held }).toEqual({ balance: taken.state === 'CAPTURED' ? 3400 : 10_000, held: 0 });
});

test('S2-12 ten orders at once never spend more than there is', async () => {
  const { book, account, charge } = await customer(20_000);
  const provider = balanceGateway(book, now);
  const orders = Array.from({ length: 10 }, (_, n) => ({
    ...charge,
    paymentId: `PAY-ORD-10000${n}`,
    orderId: `ORD-10000${n}`,
  }));
  const seen = await Promise.all(orders.map((order) => provider.create(order)));
  expect(seen.filter(({ state }) => state === 'AUTHORIZED')).toHaveLength(3);
  expect(await book.get(account)).toMatchObject({ balance: 200, held: 19_800 });
});

test('S2-12 a guest has no account to pay from', async () => {
  const { provider, charge } = await customer(10_000);
  const { userId: _, ...guest } = charge;
  await expect(provider.create(guest)).rejects.toMatchObject({ reason: 'account-required' });
});

test('S2-12 an account pays in its own currency alone', async () => {
  const { provider, charge } = await customer(10_000, { currency: 'USD' });
  expect(await provider.create(charge)).toMatchObject({ state: 'FAILED', failureReason: 'other-currency' });
});

test('S2-12 an order pays from the account of the tenant that it was placed with', async () => {
  const { provider, charge } = await customer(10_000);
  const elsewhere = { ...charge, tenant: aCharge().tenant };
  expect(await provider.create(elsewhere)).toMatchObject({ state: 'FAILED', failureReason: 'insufficient-balance' });
});
