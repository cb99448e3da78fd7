import { type AccountView, TopUpRequest } from '../../contracts/api/payment-api';
import { maxAmount, toMajor, toMinor } from '../../contracts/values/money';
import { sellingOf } from '../../contracts/values/selling';
import { UserId } from '../../contracts/values/text';
import { asError } from '../../kernel/error';
import { type Answer, isProblem, type ProblemAnswer, refuse, wrongFields } from '../../kernel/http/answer';
import type { Caller } from '../../kernel/http/caller';
import { parseIdempotencyKey, storedKey } from '../../kernel/http/idempotency';
import { parseBody } from '../../kernel/http/input';
import type { Request } from '../../kernel/http/route';
import { logger } from '../../kernel/logger';
import type { UserGateway } from '../order.gateway';
import type { AccountBook, TopUp } from '../providers/balance/balance.gateway';
import type { Account, AccountKey, PostingRefusal } from './account';

export type AccountDeps = {
  readonly book: Pick<AccountBook, 'get' | 'topUp'>;
  readonly users: Pick<UserGateway, 'describe'>;
  readonly now: () => Date;
};

const view = ({
  userId,
  currency,
  balance,
  held,
}: Pick<Account, 'userId' | 'currency' | 'balance' | 'held'>): AccountView => ({
  ...{ userId, currency },
  balance: toMajor(balance, currency),
  held: toMajor(held, currency),
});

/** `GET /account`. Returns zero in the shop's currency for a customer without an account. */
export const getBalanceRoute =
  ({ book }: Pick<AccountDeps, 'book'>) =>
  async ({ caller }: Request): Promise<Answer> => {
    const key: AccountKey = { tenant: caller.tenant, userId: caller.userId ?? '' };
    const account = await book.get(key);
    return {
      status: 200,
      body: view(account ?? { ...key, currency: sellingOf(caller).currency, balance: 0, held: 0 }),
    };
  };

const money = (amount: number, currency: string): string => `${toMajor(amount, currency)} ${currency}`;

/** Returns the problem for a rejected top-up. `account` is undefined before the first top-up. */
const refusalOf = (reason: PostingRefusal | 'key-used', { currency }: TopUp, account: Account | undefined) => {
  if (reason === 'key-used')
    return refuse('IdempotencyKeyMismatch', 'This Idempotency-Key was used with another body.');
  if (reason === 'other-currency')
    return refuse(
      'AccountCurrency',
      `The account's currency is ${account?.currency}, but the top-up is in ${currency}.`,
    );
  if (reason !== 'too-much') throw new Error(`unexpected top-up refusal: ${reason}`);
  const { balance, held } = account ?? { balance: 0, held: 0 };
  const detail = `An account may be topped up to ${money(maxAmount, currency)}. It holds ${money(balance + held, currency)}.`;
  return refuse('AccountTooLarge', detail);
};

const notFound = refuse('UserNotFound', 'No user of this tenant has this ID.');
const notYourself = refuse('Forbidden', 'You cannot top up your own account. Ask another member of staff.');
const deleted = refuse('UserDeleted', 'The user is deleted, so the account cannot be topped up.');
const unchecked = refuse(
  'IdentityServiceUnavailable',
  'The identity service is unavailable, so the user cannot be checked. Nothing was topped up. Try again.',
  { headers: { 'retry-after': '1' } },
);

/**
 * Returns a problem for an unknown or deleted user, for the caller's own account, and when the user cannot be checked.
 */
const refuseUser = async ({ users }: AccountDeps, caller: Caller, key: AccountKey) => {
  if (key.userId === caller.userId) return notYourself;
  try {
    const user = await users.describe(key);
    if (user === undefined) return notFound;
    return user.status === 'DELETED' ? deleted : undefined;
  } catch (thrown) {
    logger.error('the user of a top-up was not checked', { userId: key.userId, error: asError(thrown) });
    return unchecked;
  }
};

const wrong = (pointer: string, detail: string) => wrongFields([{ pointer, detail }], 'The request has wrong fields.');

const topUpOf = (request: Request, now: Date): TopUp | ProblemAnswer => {
  const parsed = parseBody(request, TopUpRequest);
  if (isProblem(parsed)) return parsed;
  const given = parseIdempotencyKey(request, 'The header Idempotency-Key is missing or wrong.');
  if (isProblem(given)) return given;
  const { amount: major, currency } = parsed.body;
  const amount = toMinor(major, currency);
  if (amount === undefined) return wrong('/amount', `must not have more decimals than ${currency} has`);
  const key = storedKey(String(request.caller.userId), given.key);
  return { key, amount, currency, at: now.toISOString(), by: request.caller.userId ?? 'staff' };
};

/** `POST /accounts/{userId}/top-ups`. */
export const topUpAccountRoute =
  (deps: AccountDeps) =>
  async (request: Request): Promise<Answer> => {
    const { book, now } = deps;
    const { caller } = request;
    const key = { tenant: caller.tenant, userId: request.pathParameter('userId') };
    if (!UserId.safeParse(key.userId).success) return wrong('/path/userId', 'must be the ID of a user');
    const topUp = topUpOf(request, now());
    if (isProblem(topUp)) return topUp;
    const refused = await refuseUser(deps, caller, key);
    if (refused !== undefined) return refused;
    const done = await book.topUp(key, topUp);
    return done.accepted ? { status: 201, body: view(done.fact) } : refusalOf(done.reason, topUp, await book.get(key));
  };
