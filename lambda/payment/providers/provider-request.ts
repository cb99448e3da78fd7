import * as z from 'zod';
import { Amount, Currency } from '../../contracts/values/money';
import { DisputeState, PaymentId, PaymentMethod } from '../../contracts/values/payment-status';
import { CustomerId, identifier, OrderId, recordedLine, TenantId } from '../../contracts/values/text';
import { asError } from '../../kernel/error';
import { trustedTenant } from '../../kernel/tenant';
import {
  type PaymentProvider,
  ProviderKeySpentError,
  ProviderRefusedError,
  ProviderUnavailableError,
} from './provider';

/** The providers called over the network. */
export const RemoteProvider = z.enum(['stripe', 'paypay']);
export type RemoteProvider = z.infer<typeof RemoteProvider>;

const Key = recordedLine(255);
const ExternalId = recordedLine(255).optional();

const Reference = z.object({
  tenant: TenantId.transform(trustedTenant),
  paymentId: PaymentId,
  orderId: OrderId,
  userId: CustomerId.optional(),
  amount: Amount,
  currency: Currency,
  paymentMethod: PaymentMethod,
  key: Key,
  keyNumber: z.int().nonnegative().optional(),
  externalPaymentId: ExternalId,
  paymentIntentId: ExternalId,
});

const Refund = z.object({
  refundId: identifier(128),
  amount: Amount,
  currency: Currency,
  reason: z.string(),
  key: Key,
});

const provider = RemoteProvider;

/** A request to the function that holds the providers' keys. */
export const ProviderRequest = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('create'), provider, payment: Reference.extend({ expiresAt: z.iso.datetime() }) }),
  z.object({ ask: z.literal('fetch'), provider, payment: Reference }),
  z.object({ ask: z.literal('capture'), provider, payment: Reference }),
  z.object({ ask: z.literal('cancel'), provider, payment: Reference }),
  z.object({ ask: z.literal('refund'), provider, payment: Reference, refund: Refund }),
  z.object({ ask: z.literal('disputes'), provider, since: z.iso.datetime(), after: ExternalId }),
]);
export type ProviderRequest = z.infer<typeof ProviderRequest>;

const text = z.string();

const RefundSnapshot = z.object({
  externalRefundId: text,
  amount: z.number(),
  state: z.enum(['PROCESSING', 'COMPLETED', 'FAILED']),
  failureReason: text.optional(),
  refundId: text.optional(),
  externalPaymentId: text.optional(),
});

const Snapshot = z.object({
  state: z.enum(['OPEN', 'AUTHORIZED', 'CAPTURED', 'DECLINED', 'FAILED', 'CANCELLED']),
  externalPaymentId: text,
  paymentIntentId: text.optional(),
  transactionId: text.optional(),
  amount: z.number(),
  currency: text,
  refundedAmount: z.number().optional(),
  refunds: z.array(RefundSnapshot).readonly().optional(),
  tenant: text.optional(),
  paymentId: text.optional(),
  checkout: z
    .object({ redirectUrl: text.optional(), clientSecret: text.optional(), expiresAt: text.optional() })
    .optional(),
  card: z.object({ brand: text, last4: text }).optional(),
  failureReason: text.optional(),
  at: text,
});

const DisputeUpdate = z.object({
  dispute: z.object({
    disputeId: text,
    amount: z.number(),
    reason: text,
    status: DisputeState,
    inquiry: z.boolean(),
    evidenceDueBy: text.optional(),
  }),
  externalIds: z.array(text).readonly(),
  currency: text.optional(),
  openedAt: text,
});

/** Its response. A payment unknown to the provider has no snapshot. */
export const ProviderAnswer = z.union([
  z.object({ answer: z.literal('payment'), snapshot: Snapshot.optional() }),
  z.object({ answer: z.literal('refund'), refund: RefundSnapshot }),
  z.object({ answer: z.literal('disputes'), disputes: z.array(DisputeUpdate).readonly(), next: text.optional() }),
  z.object({ answer: z.literal('refused'), reason: text }),
  z.object({ answer: z.literal('key-spent') }),
  z.object({ answer: z.literal('unavailable'), reason: text }),
]);
export type ProviderAnswer = z.infer<typeof ProviderAnswer>;

const dispatch = async (provider: PaymentProvider, query: ProviderRequest): Promise<ProviderAnswer> => {
  switch (query.ask) {
    case 'create':
      return { answer: 'payment', snapshot: await provider.create(query.payment) };
    case 'fetch':
      return { answer: 'payment', snapshot: await provider.fetch(query.payment) };
    case 'capture':
      return { answer: 'payment', snapshot: await provider.capture(query.payment) };
    case 'cancel':
      return { answer: 'payment', snapshot: await provider.cancel(query.payment) };
    case 'refund':
      return { answer: 'refund', refund: await provider.refund(query.payment, query.refund) };
    case 'disputes':
      return { answer: 'disputes', disputes: [], ...(await provider.disputes?.(query)) };
  }
};

/** Runs one call on a provider, with its keys and within its limits. */
export type CallProvider = (call: (provider: PaymentProvider) => Promise<ProviderAnswer>) => Promise<ProviderAnswer>;

export type RemoteProviders = Readonly<Record<RemoteProvider, CallProvider>>;

/** Returns the response for an error of the port. Throws any other error. */
const answerTo = (error: unknown): ProviderAnswer => {
  if (error instanceof ProviderKeySpentError) return { answer: 'key-spent' };
  if (error instanceof ProviderRefusedError) return { answer: 'refused', reason: error.reason };
  if (error instanceof ProviderUnavailableError) return { answer: 'unavailable', reason: asError(error).message };
  throw error;
};

/** Handles provider requests of the service's other functions. Only this function has the providers' keys and SDK. */
export const answerProviderRequest =
  (providers: RemoteProviders) =>
  async (request: unknown): Promise<ProviderAnswer> => {
    const query = ProviderRequest.parse(request);
    try {
      return await providers[query.provider]((provider) => dispatch(provider, query));
    } catch (error) {
      return answerTo(error);
    }
  };
