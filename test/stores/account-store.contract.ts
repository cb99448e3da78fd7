import { type Account, type AccountKey, type Posting, post } from '../../lambda/payment/accounts/account';
import type { AccountStore } from '../../lambda/payment/accounts/account.store';
import { accountBook } from '../../lambda/payment/providers/balance/balance.gateway';
import { freshTenant } from './builders';

const at = '2026-11-21T08:00:00.000Z';

const topUp = (key: string, amount: number): Posting => ({
  key,
  type: 'top-up',
  amount,
  currency: 'JPY',
  at,
  by: 'staff-1',
});

const posted = (before: Account | undefined, key: AccountKey, posting: Posting) => {
  const decision = post(before, key, posting);
  if (!decision.accepted) throw new Error(decision.reason);
  return decision.fact;
};

/** What the store of customers' balances promises, whatever it is made of. */
export const accountStoreContract = (name: string, open: () => AccountStore): void => {
  describe(`account store ${name}`, () => {
    const store = open();
    const freshAccount = (): AccountKey => ({ tenant: freshTenant(), userId: 'ada' });

    test('S2-12 keeps a balance, and knows nobody else', async () => {
      const ada = freshAccount();
      expect(await store.get(ada)).toBeUndefined();
      expect(await store.record(posted(undefined, ada, topUp('one', 500)))).toBe(true);
      expect(await store.get(ada)).toEqual({
        ...ada,
        currency: 'JPY',
        balance: 500,
        held: 0,
        version: 1,
        createdAt: '2026-11-21T08:00:00.000Z',
        updatedAt: '2026-11-21T08:00:00.000Z',
      });
      expect(await store.get({ ...ada, userId: 'eve' })).toBeUndefined();
      expect(await store.get({ ...ada, tenant: freshTenant() })).toBeUndefined();
    });

    test('S2-12 writes a line once by its key, with the balance or not at all', async () => {
      const ada = freshAccount();
      await store.record(posted(undefined, ada, topUp('one', 500)));
      const again = posted(await store.get(ada), ada, topUp('one', 500));
      expect(await store.record(again)).toBe(false);
      expect(await store.get(ada)).toMatchObject({ balance: 500, version: 1 });
      expect(await store.entry(ada, 'one')).toMatchObject({ amount: 500, balance: 500, version: 1 });
      expect(await store.entry(ada, 'two')).toBeUndefined();
    });

    test('S2-12 of ten lines at once that follow the same version, one is written', async () => {
      const ada = freshAccount();
      await store.record(posted(undefined, ada, topUp('first', 500)));
      const account = await store.get(ada);
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, n) => store.record(posted(account, ada, topUp(`n-${n}`, 1)))),
      );
      expect(outcomes.filter((written) => written)).toHaveLength(1);
      expect(await store.get(ada)).toMatchObject({ balance: 501, version: 2 });
    });

    test('S2-12 shows the ledger newest first, page by page, and the lines whose keys begin alike', async () => {
      const ada = freshAccount();
      for (const key of ['PAY-1:hold', 'PAY-1:settle', 'PAY-10:hold'])
        await store.record(posted(await store.get(ada), ada, topUp(key, 10)));
      const page = async (after?: string) =>
        (await store.entries(ada, { limit: 2, after })).map(({ entryId, key }) => `${entryId} ${key}`);
      expect(await page()).toEqual(['000000000003 PAY-10:hold', '000000000002 PAY-1:settle']);
      expect(await page('000000000002')).toEqual(['000000000001 PAY-1:hold']);
      const alike = await store.entriesWith(ada, 'PAY-1:');
      expect(alike.map(({ key }) => key)).toEqual(['PAY-1:hold', 'PAY-1:settle']);
    });

    test('S2-12 twenty top-ups at once, each asked three times, are twenty', async () => {
      const ada = freshAccount();
      const book = accountBook(store);
      const asked = Array.from({ length: 20 }, (_, n) => `key-${n}`).flatMap((key) => [key, key, key]);
      const ask = (key: string) => book.topUp(ada, { key, amount: 5, currency: 'JPY', at, by: 'staff-1' });
      for (let from = 0; from < asked.length; from += 6)
        await Promise.all(asked.slice(from, from + 6).map((key) => ask(key)));
      expect(await store.get(ada)).toMatchObject({ balance: 100, held: 0, version: 20 });
    });
  });
};
