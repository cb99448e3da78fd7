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

/** Invokes the function that holds the providers' keys and returns its response, unvalidated. */
export type InvokeProvider = (query: unknown) => Promise<unknown>;

const send = async (invoke: InvokeProvider, query: unknown): Promise<ProviderAnswer> => {
  const response = await invoke(query).catch((cause: unknown) => {
    throw new ProviderUnavailableError('the function that calls providers did not answer', { cause });
  });
  const { data: answer } = ProviderAnswer.safeParse(response);
  if (answer === undefined)
    throw new ProviderUnavailableError('the function that calls providers returned an unknown response');
  if (answer.answer === 'key-spent') throw new ProviderKeySpentError();
  if (answer.answer === 'refused') throw new ProviderRefusedError(answer.reason);
  if (answer.answer === 'unavailable') throw new ProviderUnavailableError(answer.reason);
  return answer;
};

const snapshotOf = (answer: ProviderAnswer): ProviderSnapshot => {
  if (answer.answer === 'payment' && answer.snapshot !== undefined) return answer.snapshot;
  throw new ProviderUnavailableError('the response contains no payment');
};

const refundOf = (answer: ProviderAnswer): RefundSnapshot => {
  if (answer.answer === 'refund') return answer.refund;
  throw new ProviderUnavailableError('the response contains no refund');
};

const disputesOf = (answer: ProviderAnswer): DisputePage => {
  if (answer.answer === 'disputes') return answer;
  throw new ProviderUnavailableError('the response contains no disputes');
};

/** A provider called through the function that holds the keys. */
export const remoteProvider = (provider: RemoteProvider, invoke: InvokeProvider): PaymentProvider => ({
  create: async (payment) => snapshotOf(await send(invoke, { ask: 'create', provider, payment })),
  fetch: async (payment) => {
    const answer = await send(invoke, { ask: 'fetch', provider, payment });
    return answer.answer === 'payment' ? answer.snapshot : undefined;
  },
  capture: async (payment) => snapshotOf(await send(invoke, { ask: 'capture', provider, payment })),
  cancel: async (payment) => snapshotOf(await send(invoke, { ask: 'cancel', provider, payment })),
  refund: async (payment, refund) => refundOf(await send(invoke, { ask: 'refund', provider, payment, refund })),
  disputes: async (list) => disputesOf(await send(invoke, { ask: 'disputes', provider, ...list })),
});

/** All providers, for functions without the providers' keys. */
export const paymentProviders = (invoke: InvokeProvider, balance: PaymentProvider): PaymentProviders => ({
  stripe: remoteProvider('stripe', invoke),
  paypay: remoteProvider('paypay', invoke),
  balance,
});

/** All providers: Stripe and PayPay through the function with their keys, balances in our own accounts. */
export const allProviders = (invoke: Invoke, accounts: AccountStore, now: () => Date): PaymentProviders => {
  return {
    stripe: remoteProvider('stripe', invoke),
    paypay: remoteProvider('paypay', invoke),
    balance: balanceGateway(accountBook(accounts), now),
  };
};
