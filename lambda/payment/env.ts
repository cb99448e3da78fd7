import * as z from 'zod';

const text = z.string().min(1);

/** Where the providers' keys are. */
const keys = { PROVIDER_KEYS_ARN: text };

export const askProviderEnv = z.object({
  ...keys,
  STRIPE_URL: z.url(),
  PAYPAY_URL: z.url(),
  /** The shop's page that customers come back to from PayPay, with `{tenant}` and `{orderId}`. */
  /** Where a provider's page leads back to; empty where it leads nowhere. */
  RETURN_URL: z.string(),
});

/** Where the key is that details are sealed with. */
const seal = { SEAL_SECRET_ARN: text };

const table = { PAYMENTS_TABLE: text };

/** Who asks the providers: over the function that has their keys, or in the accounts. */
const providerCalls = { ...table, ...seal, ACCOUNTS_TABLE: text, PROVIDERS_FUNCTION: text };

export const requestPaymentsEnv = z.object({
  ...providerCalls,
  DEAD_LETTER_QUEUE_URL: z.url(),
});

export const pollPaymentsEnv = z.object(providerCalls);

export const receiveWebhooksEnv = z.object({ ...table, ...keys, ...seal });

export const servePaymentsEnv = z.object({
  ...table,
  ...seal,
  ACCOUNTS_TABLE: text,
  PROVIDERS_FUNCTION: text,
  ORDER_FUNCTION: text,
  USER_FUNCTION: text,
});

export const describePaymentEnv = z.object(table);

export const relayPaymentEventsEnv = z.object({ TOPIC_ARN: text, PARKING_QUEUE_URL: z.url() });
