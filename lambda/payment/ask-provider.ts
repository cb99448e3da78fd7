import { asError } from '../kernel/as-error';
import {
  type PaymentProvider,
  ProviderKeySpentError,
  ProviderRefusedError,
  ProviderUnavailableError,
} from './provider';
import { type ProviderAnswer, ProviderQuestion, type RemoteProvider } from './provider-call';

export type RemoteProviders = Readonly<Record<RemoteProvider, PaymentProvider>>;

const put = async (providers: RemoteProviders, question: ProviderQuestion): Promise<ProviderAnswer> => {
  const provider = providers[question.provider];
  switch (question.ask) {
    case 'create':
      return { answer: 'payment', sighting: await provider.create(question.payment) };
    case 'fetch':
      return { answer: 'payment', sighting: await provider.fetch(question.payment) };
    case 'capture':
      return { answer: 'payment', sighting: await provider.capture(question.payment) };
    case 'cancel':
      return { answer: 'payment', sighting: await provider.cancel(question.payment) };
    case 'refund':
      return { answer: 'refund', refund: await provider.refund(question.payment, question.refund) };
    case 'disputes':
      return { answer: 'disputes', disputes: [], ...(await provider.disputes?.(question)) };
  }
};

/** What the others are told of an error of the port. Throws any other. */
const answerTo = (error: unknown): ProviderAnswer => {
  if (error instanceof ProviderKeySpentError) return { answer: 'key-spent' };
  if (error instanceof ProviderRefusedError) return { answer: 'refused', reason: error.reason };
  if (error instanceof ProviderUnavailableError) return { answer: 'unavailable', reason: asError(error).message };
  throw error;
};

/** Answers the other functions of the service: this one alone has the providers' keys and their SDK. */
export const askProvider =
  (providers: RemoteProviders) =>
  async (asked: unknown): Promise<ProviderAnswer> => {
    const question = ProviderQuestion.parse(asked);
    try {
      return await put(providers, question);
    } catch (error) {
      return answerTo(error);
    }
  };
