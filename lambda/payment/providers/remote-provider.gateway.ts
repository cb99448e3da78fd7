import type { Invoke } from '../../kernel/aws/signed-request';
import type { AccountStore } from '../accounts/account.store';
import { accountBook, balanceGateway } from './balance/balance.gateway';
import {
  type PaymentProvider,
  type PaymentProviders,
  ProviderKeySpentError,
  ProviderRefusedError,
  ProviderUnavailableError,
} from './provider';
import { ProviderAnswer, type ProviderRequest, type RemoteProvider } from './provider-request';

type Answer<Kind> = Extract<ProviderAnswer, { readonly answer: Kind }>;

const send = async (invoke: Invoke, request: ProviderRequest): Promise<ProviderAnswer> => {
  const response = await invoke(request).catch((cause: unknown) => {
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

/** A provider called through the function that holds the keys. */
export const remoteProvider = (provider: RemoteProvider, invoke: Invoke): Required<PaymentProvider> => {
  const call = async <Kind extends ProviderAnswer['answer']>(
    kind: Kind,
    request: ProviderRequest,
  ): Promise<Answer<Kind>> => {
    const answer = await send(invoke, request);
    if (answer.answer !== kind) throw new ProviderUnavailableError(`the response contains no ${kind}`);
    return answer as Answer<Kind>;
  };
  const snapshot = async (request: ProviderRequest) => {
    const { snapshot } = await call('payment', request);
    if (snapshot === undefined) throw new ProviderUnavailableError('the response contains no payment');
    return snapshot;
  };
  return {
    create: (payment) => snapshot({ ask: 'create', provider, payment }),
    fetch: async (payment) => (await call('payment', { ask: 'fetch', provider, payment })).snapshot,
    capture: (payment) => snapshot({ ask: 'capture', provider, payment }),
    cancel: (payment) => snapshot({ ask: 'cancel', provider, payment }),
    refund: async (payment, refund) => (await call('refund', { ask: 'refund', provider, payment, refund })).refund,
    disputes: (list) => call('disputes', { ask: 'disputes', provider, ...list }),
  };
};

/** All providers: Stripe and PayPay through the function with their keys, balances in our own accounts. */
export const allProviders = (invoke: Invoke, accounts: AccountStore, now: () => Date): PaymentProviders => ({
  stripe: remoteProvider('stripe', invoke),
  paypay: remoteProvider('paypay', invoke),
  balance: balanceGateway(accountBook(accounts), now),
});
