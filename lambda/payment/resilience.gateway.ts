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
import { asError } from '../kernel/as-error';
import { type PaymentProvider, ProviderRefusedError, ProviderUnavailableError } from './provider';

/** How long a provider is waited for, and when it is left alone for a while. */
export type Patience = {
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
export const patience: Patience = {
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
const guardOf = ({ tryMs, callMs, retries, firstPauseMs, failures, openMs }: Patience) => {
  const failed = handleWhen((error) => !isRefusal(error) && !isUnreadable(error));
  const worthAnother = handleWhen((error) => !isRefusal(error) && !(error instanceof BrokenCircuitError));
  const breaker = circuitBreaker(failed, { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failures) });
  const backoff = new ExponentialBackoff({ initialDelay: firstPauseMs, maxDelay: 8 * firstPauseMs }); // with jitter
  const policy = wrap(
    timeout(callMs, TimeoutStrategy.Aggressive),
    retry(worthAnother, { maxAttempts: retries, backoff }),
    breaker,
    timeout(tryMs, TimeoutStrategy.Aggressive),
  );
  return { policy, breaker };
};

/**
 * A provider that is asked again a few times while it fails, and left alone for a while when it goes on failing. Every
 * failure is one of the two errors of the port. To ask again is safe: each question has its idempotency key.
 */
export const resilient = (
  provider: PaymentProvider,
  onChange: (state: 'open' | 'closed') => void,
  given: Patience = patience,
): PaymentProvider => {
  const { policy, breaker } = guardOf(given);
  breaker.onStateChange((state) => {
    if (state === CircuitState.Open) onChange('open');
    if (state === CircuitState.Closed) onChange('closed');
  });
  const call = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await policy.execute(ask);
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
