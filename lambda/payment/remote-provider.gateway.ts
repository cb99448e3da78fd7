import {
  type DisputePage,
  type PaymentProvider,
  type PaymentProviders,
  ProviderKeySpentError,
  ProviderRefusedError,
  ProviderUnavailableError,
  type RefundSighting,
  type Sighting,
} from './provider';
import { ProviderAnswer, type RemoteProvider } from './provider-call';

/** Asks the function that has the providers' keys and answers with what it answered, unchecked. */
export type AskProvider = (question: unknown) => Promise<unknown>;

const ask = async (put: AskProvider, question: unknown): Promise<ProviderAnswer> => {
  const answered = await put(question).catch((cause: unknown) => {
    throw new ProviderUnavailableError('the function that asks providers did not answer', { cause });
  });
  const { data: answer } = ProviderAnswer.safeParse(answered);
  if (answer === undefined) throw new ProviderUnavailableError('the function that asks providers said something else');
  if (answer.answer === 'key-spent') throw new ProviderKeySpentError();
  if (answer.answer === 'refused') throw new ProviderRefusedError(answer.reason);
  if (answer.answer === 'unavailable') throw new ProviderUnavailableError(answer.reason);
  return answer;
};

const sightingOf = (answer: ProviderAnswer): Sighting => {
  if (answer.answer === 'payment' && answer.sighting !== undefined) return answer.sighting;
  throw new ProviderUnavailableError('the provider said nothing of the payment');
};

const refundOf = (answer: ProviderAnswer): RefundSighting => {
  if (answer.answer === 'refund') return answer.refund;
  throw new ProviderUnavailableError('the provider said nothing of the refund');
};

const disputesOf = (answer: ProviderAnswer): DisputePage => {
  if (answer.answer === 'disputes') return answer;
  throw new ProviderUnavailableError('the provider said nothing of disputes');
};

/** A provider that another function of this service asks for us. */
export const remoteProvider = (provider: RemoteProvider, put: AskProvider): PaymentProvider => ({
  create: async (payment) => sightingOf(await ask(put, { ask: 'create', provider, payment })),
  fetch: async (payment) => {
    const answer = await ask(put, { ask: 'fetch', provider, payment });
    return answer.answer === 'payment' ? answer.sighting : undefined;
  },
  capture: async (payment) => sightingOf(await ask(put, { ask: 'capture', provider, payment })),
  cancel: async (payment) => sightingOf(await ask(put, { ask: 'cancel', provider, payment })),
  refund: async (payment, refund) => refundOf(await ask(put, { ask: 'refund', provider, payment, refund })),
  disputes: async (list) => disputesOf(await ask(put, { ask: 'disputes', provider, ...list })),
});

/** All providers, as the functions ask them that do not know the providers' keys. */
export const paymentProviders = (put: AskProvider, balance: PaymentProvider): PaymentProviders => ({
  stripe: remoteProvider('stripe', put),
  paypay: remoteProvider('paypay', put),
  balance,
});
