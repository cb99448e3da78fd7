import { trustedTenant } from '../../lambda/kernel/tenant';
import {
  type Account,
  type EntryType,
  heldPayment,
  keysOf,
  type Posting,
  post,
} from '../../lambda/payment/accounts/account';
import { accountStore } from '../../lambda/payment/accounts/account.store';
import { accountBook } from '../../lambda/payment/providers/balance/balance.gateway';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';

const key = { tenant: trustedTenant('shop-a'), userId: 'ada' };
const at = '2026-11-21T08:00:00.000Z';

const posting = (type: EntryType, amount: number, given: Partial<Posting> = {}): Posting => ({
  key: `${type}-${amount}`,
  type,
  amount,
  currency: 'JPY',
  at,
  by: 'staff-1',
  ...given,
});

const account = (balance: number, held = 0): Account => ({
  ...key,
  currency: 'JPY',
  balance,
  held,
  version: 7,
  createdAt: at,
  updatedAt: at,
});

describe("a line of an account's ledger", () => {
  test.each([
    ['top-up', 1300, 200],
    ['hold', 700, 500],
    ['refund', 1300, 200],
    ['void', 1000, 200],
  ] as const)('S2-12 a %s of 300 leaves %i to spend and %i held', (type, balance, held) => {
    const decision = post(account(1000, 200), key, posting(type, 300));
    expect(decision).toMatchObject({ accepted: true, fact: { account: { balance, held, version: 8 } } });
    expect(decision).toMatchObject({ fact: { entry: { entryId: '000000000008', balance, held, version: 8 } } });
  });

  test.each([
    ['capture', 1000, 0],
    ['release', 1200, 0],
  ] as const)('S2-12 a %s takes from what is held and leaves %i to spend', (type, balance, held) => {
    const decision = post(account(1000, 200), key, posting(type, 200));
    expect(decision).toMatchObject({ accepted: true, fact: { account: { balance, held } } });
  });

  test.each([
    ['hold', 1001, 'insufficient-balance'],
    ['capture', 201, 'not-held'],
    ['release', 201, 'not-held'],
    ['top-up', 99_999_999_999, 'too-much'],
  ] as const)('S2-12 a %s of %i is refused: %s', (type, amount, reason) => {
    expect(post(account(1000, 200), key, posting(type, amount))).toEqual({ accepted: false, reason });
  });

  test('S2-12 an account has one currency, that of its first line', () => {
    const dollars = posting('top-up', 1, { currency: 'USD' });
    expect(post(account(0), key, dollars)).toEqual({ accepted: false, reason: 'other-currency' });
    expect(post(undefined, key, dollars)).toMatchObject({
      fact: { account: { currency: 'USD', balance: 1, version: 1 } },
    });
  });
});

describe('a payment from the balance', () => {
  const entries = (...types: EntryType[]) =>
    types.map((type) => {
      const decision = post(account(1000, 1000), key, posting(type, type === 'refund' ? 30 : 100));
      if (!decision.accepted) throw new Error(decision.reason);
      return decision.fact.entry;
    });

  test.each([
    [[], { state: 'none', amount: 0, refunded: 0 }],
    [['hold'], { state: 'held', amount: 100, refunded: 0 }],
    [['hold', 'capture'], { state: 'captured', amount: 100, refunded: 0 }],
    [['hold', 'capture', 'refund', 'refund'], { state: 'captured', amount: 100, refunded: 60 }],
    [['hold', 'release'], { state: 'released', amount: 100, refunded: 0 }],
    [['void'], { state: 'released', amount: 0, refunded: 0 }],
  ] as const)('S2-12 of the lines %j is %j', (types, payment) => {
    expect(heldPayment(entries(...types))).toEqual(payment);
  });

  test('S2-12 to take what is held and to let it go have one key, as have to hold and never to hold', () => {
    expect(keysOf('PAY-ORD-000001')).toMatchObject({ hold: 'PAY-ORD-000001:hold', settle: 'PAY-ORD-000001:settle' });
    expect(keysOf('PAY-ORD-000001').refund('R-1')).toBe('PAY-ORD-000001:refund:R-1');
  });
});

describe('topping up', () => {
  const book = () => accountBook(accountStore('accounts', memoryDynamoDb().db));
  const topUp = { key: 'k-1', amount: 500, currency: 'JPY', at, by: 'staff-1' };

  test('S2-12 counts once for a key, and answers the same again', async () => {
    const { topUp: fill, get } = book();
    expect(await fill(key, topUp)).toMatchObject({ accepted: true, fact: { balance: 500, version: 1 } });
    expect(await fill(key, topUp)).toMatchObject({ accepted: true, fact: { balance: 500, version: 1 } });
    expect(await get(key)).toMatchObject({ balance: 500, version: 1 });
  });

  test('S2-12 refuses a key that was used for another amount', async () => {
    const { topUp: fill, get } = book();
    await fill(key, topUp);
    expect(await fill(key, { ...topUp, amount: 501 })).toEqual({ accepted: false, reason: 'key-used' });
    expect(await fill(key, { ...topUp, key: 'k-2', currency: 'USD' })).toEqual({
      accepted: false,
      reason: 'other-currency',
    });
    expect(await get(key)).toMatchObject({ balance: 500 });
  });
});
