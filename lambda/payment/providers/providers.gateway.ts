import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import * as z from 'zod';
import { asError } from '../../kernel/http/http';
import { payPayGateway } from './paypay/paypay.gateway';
import { type PaymentProvider, ProviderRefusedError, ProviderUnavailableError } from './provider';
import type { ProviderKeys } from './provider-keys.gateway';
import type { RemoteProvider, RemoteProviders } from './provider-request';
import { stripeGateway } from './stripe/stripe.gateway';

/** How long a provider is waited for, and when it is left alone for a while. */
export type CallLimits = {
  /** For one try. */
  readonly tryMs: number;
  /** For all tries together, with the pauses between them. */
  readonly callMs: number;
  readonly retries: number;
  readonly firstPauseMs: number;
  /** So many failed tries in a row open the breaker. */
  readonly failures: number;
  /** After so long one try is let through an open breaker. */
  readonly openMs: number;
};

/** Whoever waits for a function of ours gives up after five seconds. */
export const defaultCallLimits: CallLimits = {
  tryMs: 3000,
  callMs: 4500,
  retries: 2,
  firstPauseMs: 100,
  failures: 5,
  openMs: 10_000,
};

const isRefusal = (error: unknown) => error instanceof ProviderRefusedError;

/** An answer that we cannot read is about one payment: the provider is there for all others. */
const isUnreadable = (error: unknown): boolean =>
  error instanceof z.ZodError || (error instanceof Error && error.cause instanceof z.ZodError);

const unavailable = (cause: unknown): ProviderUnavailableError => {
  if (cause instanceof ProviderUnavailableError) return cause;
  if (cause instanceof BrokenCircuitError) return new ProviderUnavailableError('the breaker is open', { cause });
  if (cause instanceof TaskCancelledError) return new ProviderUnavailableError('no answer in time', { cause });
  return new ProviderUnavailableError(`no use of the answer: ${asError(cause).name}`, { cause });
};

/** What stands before one provider: tries, each with its time, and a breaker that all calls share. */
const resiliencePolicy = ({ tryMs, callMs, retries, firstPauseMs, failures, openMs }: CallLimits) => {
  const failed = handleWhen((error) => !isRefusal(error) && !isUnreadable(error));
  const retryable = handleWhen((error) => !isRefusal(error) && !(error instanceof BrokenCircuitError));
  const breaker = circuitBreaker(failed, { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failures) });
  const backoff = new ExponentialBackoff({ initialDelay: firstPauseMs, maxDelay: 8 * firstPauseMs }); // with jitter
  const policy = wrap(
    timeout(callMs, TimeoutStrategy.Aggressive),
    retry(retryable, { maxAttempts: retries, backoff }),
    breaker,
    timeout(tryMs, TimeoutStrategy.Aggressive),
  );
  return { policy, breaker };
};

/**
 * A provider that is asked again a few times while it fails, and left alone for a while when it goes on failing. Every
 * failure is one of the two errors of the port. To ask again is safe: each query has its idempotency key.
 */
export const resilient = (
  provider: PaymentProvider,
  onChange: (state: 'open' | 'closed') => void,
  given: CallLimits = defaultCallLimits,
): PaymentProvider => {
  const { policy, breaker } = resiliencePolicy(given);
  breaker.onStateChange((state) => {
    if (state === CircuitState.Open) onChange('open');
    if (state === CircuitState.Closed) onChange('closed');
  });
  const call = async <Answer>(operation: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await policy.execute(operation);
    } catch (error) {
      throw isRefusal(error) ? error : unavailable(error);
    }
  };
  return {
    create: (charge) => call(() => provider.create(charge)),
    fetch: (payment) => call(() => provider.fetch(payment)),
    capture: (payment) => call(() => provider.capture(payment)),
    cancel: (payment) => call(() => provider.cancel(payment)),
    refund: (payment, refund) => call(() => provider.refund(payment, refund)),
    disputes: (list) => call(async () => (await provider.disputes?.(list)) ?? { disputes: [] }),
  };
};

export type ProviderAccess = {
  /** The keys as they are now: a provider is asked with those that hold at the moment. */
  readonly keys: () => Promise<ProviderKeys>;
  readonly stripeUrl: string;
  readonly payPayUrl: string;
  readonly now: () => Date;
  /** The shop's page that customers come back to from PayPay. @default they stay there */
  readonly returnUrl?: string | undefined;
  /** @default three tries, and no more time than whoever asks has */
  readonly timeouts?: CallLimits;
  readonly onBreaker: (provider: RemoteProvider, state: 'open' | 'closed') => void;
};

/** A provider that is made anew for each call, so that exchanged keys count at once. */
const createdPerCall = (make: () => Promise<PaymentProvider>): PaymentProvider => ({
  create: async (charge) => (await make()).create(charge),
  fetch: async (payment) => (await make()).fetch(payment),
  capture: async (payment) => (await make()).capture(payment),
  cancel: async (payment) => (await make()).cancel(payment),
  refund: async (payment, refund) => (await make()).refund(payment, refund),
  disputes: async (list) => (await (await make()).disputes?.(list)) ?? { disputes: [] },
});

const keysOf = async <Name extends RemoteProvider>({ keys }: ProviderAccess, name: Name) => {
  const known = (await keys())[name];
  if (known === undefined) throw new ProviderUnavailableError(`there are no keys of ${name}`);
  return known as NonNullable<ProviderKeys[Name]>;
};

/** The providers that are asked over the network, each behind a breaker of its own. */
export const remoteProviders = (access: ProviderAccess): RemoteProviders => {
  const { stripeUrl, payPayUrl, now, returnUrl, onBreaker, timeouts = defaultCallLimits } = access;
  const { tryMs: timeoutMs } = timeouts;
  const stripe = async () => {
    const { secretKey } = await keysOf(access, 'stripe');
    return stripeGateway({ secretKey, url: stripeUrl, now, timeoutMs });
  };
  const payPay = async () => {
    const { apiKey, apiSecret, merchantId } = await keysOf(access, 'paypay');
    return payPayGateway({ apiKey, apiSecret, merchantId, url: payPayUrl, now, timeoutMs, returnUrl });
  };
  return {
    stripe: resilient(createdPerCall(stripe), (state) => onBreaker('stripe', state), timeouts),
    paypay: resilient(createdPerCall(payPay), (state) => onBreaker('paypay', state), timeouts),
  };
};
