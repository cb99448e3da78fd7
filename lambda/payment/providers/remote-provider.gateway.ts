import type { Invoke } from '../../kernel/aws/signed-request';
import type { AccountStore } from '../accounts/account.store';
import { accountBook, balanceGateway } from './balance/balance.gateway';
import {
  type DisputePage,
  type PaymentProvider,
  type PaymentProviders,
  ProviderKeySpentError,
  ProviderRefusedError,
  type ProviderSnapshot,
  ProviderUnavailableError,
  type RefundSnapshot,
} from './provider';
import { ProviderAnswer, type RemoteProvider } from './provider-request';

/** Asks the function that has the providers' keys and answers with what it answered, unchecked. */
export type InvokeProvider = (query: unknown) => Promise<unknown>;

const ask = async (put: InvokeProvider, query: unknown): Promise<ProviderAnswer> => {
  const answered = await put(query).catch((cause: unknown) => {
    throw new ProviderUnavailableError('the function that asks providers did not answer', { cause });
  });
  const { data: answer } = ProviderAnswer.safeParse(answered);
  if (answer === undefined) throw new ProviderUnavailableError('the function that asks providers said something else');
  if (answer.answer === 'key-spent') throw new ProviderKeySpentError();
  if (answer.answer === 'refused') throw new ProviderRefusedError(answer.reason);
  if (answer.answer === 'unavailable') throw new ProviderUnavailableError(answer.reason);
  return answer;
};

const snapshotOf = (answer: ProviderAnswer): ProviderSnapshot => {
  if (answer.answer === 'payment' && answer.snapshot !== undefined) return answer.snapshot;
  throw new ProviderUnavailableError('the provider said nothing of the payment');
};

const refundOf = (answer: ProviderAnswer): RefundSnapshot => {
  if (answer.answer === 'refund') return answer.refund;
  throw new ProviderUnavailableError('the provider said nothing of the refund');
};

const disputesOf = (answer: ProviderAnswer): DisputePage => {
  if (answer.answer === 'disputes') return answer;
  throw new ProviderUnavailableError('the provider said nothing of disputes');
};

/** A provider that another function of this service asks for us. */
export const remoteProvider = (provider: RemoteProvider, put: InvokeProvider): PaymentProvider => ({
  create: async (payment) => snapshotOf(await ask(put, { ask: 'create', provider, payment })),
  fetch: async (payment) => {
    const answer = await ask(put, { ask: 'fetch', provider, payment });
    return answer.answer === 'payment' ? answer.snapshot : undefined;
  },
  capture: async (payment) => snapshotOf(await ask(put, { ask: 'capture', provider, payment })),
  cancel: async (payment) => snapshotOf(await ask(put, { ask: 'cancel', provider, payment })),
  refund: async (payment, refund) => refundOf(await ask(put, { ask: 'refund', provider, payment, refund })),
  disputes: async (list) => disputesOf(await ask(put, { ask: 'disputes', provider, ...list })),
});

/** All providers, as the functions ask them that do not know the providers' keys. */
export const paymentProviders = (put: InvokeProvider, balance: PaymentProvider): PaymentProviders => ({
  stripe: remoteProvider('stripe', put),
  paypay: remoteProvider('paypay', put),
  balance,
});

/** Every provider: two are asked by the function that has their keys, balances are in our own accounts. */
export const allProviders = (ask: Invoke, accounts: AccountStore, now: () => Date): PaymentProviders => {
  return {
    stripe: remoteProvider('stripe', ask),
    paypay: remoteProvider('paypay', ask),
    balance: balanceGateway(accountBook(accounts), now),
  };
};
