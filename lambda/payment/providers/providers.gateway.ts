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
import { asError } from '../../kernel/error';
import { payPayGateway } from './paypay/paypay.gateway';
import { ProviderRefusedError, ProviderUnavailableError } from './provider';
import type { KeysOf, ProviderKeys } from './provider-keys.gateway';
import type { RemoteProvider, RemoteProviders } from './provider-request';
import { stripeGateway } from './stripe/stripe.gateway';

/** Timeouts, retries and circuit breaker of the calls to a provider. */
export type CallLimits = {
  /** Timeout of one try. */
  readonly tryMs: number;
  /** Timeout of all tries and the pauses between them. */
  readonly callMs: number;
  readonly retries: number;
  readonly firstPauseMs: number;
  /** Consecutive failed tries that open the breaker. */
  readonly failures: number;
  /** How long the breaker stays open before one try is let through. */
  readonly openMs: number;
};

/** Callers of our functions time out after five seconds. */
export const defaultCallLimits: CallLimits = {
  tryMs: 3000,
  callMs: 4500,
  retries: 2,
  firstPauseMs: 100,
  failures: 5,
  openMs: 10_000,
};

const isRefusal = (error: unknown) => error instanceof ProviderRefusedError;

/** An unreadable answer concerns one payment, so it does not count against the provider. */
const isUnreadable = (error: unknown): boolean =>
  error instanceof z.ZodError || (error instanceof Error && error.cause instanceof z.ZodError);

const unavailable = (cause: unknown): ProviderUnavailableError => {
  if (cause instanceof ProviderUnavailableError) return cause;
  if (cause instanceof BrokenCircuitError) return new ProviderUnavailableError('the breaker is open', { cause });
  if (cause instanceof TaskCancelledError) return new ProviderUnavailableError('no answer in time', { cause });
  return new ProviderUnavailableError(`the answer cannot be used: ${asError(cause).name}`, { cause });
};

/** The policy of one provider: retries, timeouts, and a breaker shared by all its calls. */
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
 * Returns a function that runs the operations on one provider with retries, timeouts and a circuit breaker. It throws
 * only the port's two errors. Retries are safe because each request has an idempotency key.
 */
export const resilient = (onChange: (state: 'open' | 'closed') => void, limits: CallLimits = defaultCallLimits) => {
  const { policy, breaker } = resiliencePolicy(limits);
  breaker.onStateChange((state) => {
    if (state === CircuitState.Open) onChange('open');
    if (state === CircuitState.Closed) onChange('closed');
  });
  return async <Answer>(operation: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await policy.execute(operation);
    } catch (error) {
      throw isRefusal(error) ? error : unavailable(error);
    }
  };
};

export type ProviderAccess = {
  readonly keysOf: KeysOf;
  readonly stripeUrl: string;
  readonly payPayUrl: string;
  readonly now: () => Date;
  /** The shop's page that customers return to from PayPay. @default customers stay at PayPay */
  readonly returnUrl?: string | undefined;
  /** @default three tries within 4.5 seconds */
  readonly timeouts?: CallLimits;
  readonly onBreaker: (provider: RemoteProvider, state: 'open' | 'closed') => void;
};

const knownKeys = <Name extends RemoteProvider>({ keysOf }: ProviderAccess, name: Name) => {
  const known = keysOf(name);
  if (known === undefined) throw new ProviderUnavailableError(`there are no keys for ${name}`);
  return known as NonNullable<ProviderKeys[Name]>;
};

/** The providers called over the network, each with its own circuit breaker. Rotated keys apply to the next try. */
export const remoteProviders = (access: ProviderAccess): RemoteProviders => {
  const { stripeUrl, payPayUrl, now, returnUrl, onBreaker, timeouts = defaultCallLimits } = access;
  const { tryMs: timeoutMs } = timeouts;
  const stripe = () => {
    const { secretKey } = knownKeys(access, 'stripe');
    return stripeGateway({ secretKey, url: stripeUrl, now, timeoutMs });
  };
  const payPay = () => {
    const { apiKey, apiSecret, merchantId } = knownKeys(access, 'paypay');
    return payPayGateway({ apiKey, apiSecret, merchantId, url: payPayUrl, now, timeoutMs, returnUrl });
  };
  const withStripe = resilient((state) => onBreaker('stripe', state), timeouts);
  const withPayPay = resilient((state) => onBreaker('paypay', state), timeouts);
  return {
    stripe: (call) => withStripe(async () => call(stripe())),
    paypay: (call) => withPayPay(async () => call(payPay())),
  };
};
