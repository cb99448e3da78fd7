import { createHash } from 'node:crypto';
import { toMajor, toMinor } from '../contracts/money';
import { IdempotencyKey } from '../contracts/order-api';
import { type AccountView, TopUpRequest } from '../contracts/payment-api';
import type { ProblemName } from '../contracts/problem';
import { UserId } from '../contracts/text';
import { type Answer, isProblem, type ProblemAnswer } from '../kernel/answer';
import { sellingOf } from '../kernel/caller';
import { refuseCardNumbers } from '../kernel/card-number';
import { fieldErrors } from '../kernel/error-list';
import type { Request } from '../kernel/http';
import { parseBody } from '../kernel/http-input';
import type { Account, AccountKey, PostingRefusal } from './account';
import type { AccountBook, TopUp } from './account-book';
import { refuse } from './payment.http';

export type AccountDeps = { readonly book: Pick<AccountBook, 'get' | 'topUp'>; readonly now: () => Date };

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

/** `GET /account`: who never had anything has nothing, in the currency of the shop. */
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

const refusals = {
  'other-currency': [409, 'AccountCurrency', 'The account is kept in another currency.'],
  'too-much': [409, 'AccountTooLarge', 'No account may hold so much.'],
  'key-used': [422, 'IdempotencyKeyMismatch', 'This Idempotency-Key was used with another body.'],
} as const satisfies Partial<Record<PostingRefusal | 'key-used', readonly [number, ProblemName, string]>>;

const isRefusal = (reason: string): reason is keyof typeof refusals => Object.hasOwn(refusals, reason);

const wrong = (pointer: string, detail: string): ProblemAnswer => ({
  ...refuse(400, 'ValidationFailed', 'The request has wrong fields.'),
  errors: [{ pointer, detail }],
});

const keyOf = (request: Request): string | ProblemAnswer => {
  const parsed = IdempotencyKey.safeParse(request.header('idempotency-key'));
  if (parsed.success) return createHash('sha256').update(`${request.caller.userId} ${parsed.data}`).digest('base64url');
  const errors = fieldErrors(parsed.error.issues, '/headers/Idempotency-Key');
  return { ...refuse(400, 'ValidationFailed', 'The header Idempotency-Key is missing or wrong.'), errors };
};

const topUpOf = (request: Request, now: Date): TopUp | ProblemAnswer => {
  const parsed = parseBody(request, TopUpRequest);
  const refused = isProblem(parsed) ? parsed : refuseCardNumbers(request.body);
  if (isProblem(parsed)) return parsed;
  if (refused !== undefined) return refused;
  const key = keyOf(request);
  if (isProblem(key)) return key;
  const { amount: major, currency } = parsed.body;
  const amount = toMinor(major, currency);
  if (amount === undefined) return wrong('/amount', `has more decimals than ${currency} has`);
  return { key, amount, currency, at: now.toISOString(), by: request.caller.userId ?? 'staff' };
};

/** `POST /accounts/{userId}/top-ups`. */
export const topUpAccountRoute =
  ({ book, now }: AccountDeps) =>
  async (request: Request): Promise<Answer> => {
    const userId = request.pathParameter('userId');
    if (!UserId.safeParse(userId).success) return wrong('/path/userId', 'must be the ID of a user');
    const topUp = topUpOf(request, now());
    if (isProblem(topUp)) return topUp;
    const done = await book.topUp({ tenant: request.caller.tenant, userId }, topUp);
    if (done.accepted) return { status: 201, body: view(done.fact) };
    if (!isRefusal(done.reason)) throw new Error(`a top-up was refused: ${done.reason}`);
    const [status, problem, detail] = refusals[done.reason];
    return refuse(status, problem, detail);
  };
