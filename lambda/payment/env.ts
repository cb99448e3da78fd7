import * as z from 'zod';

const text = z.string().min(1);

/** The secret with the providers' keys. */
const keys = { PROVIDER_KEYS_ARN: text };

export const askProviderEnv = z.object({
  ...keys,
  STRIPE_URL: z.url(),
  PAYPAY_URL: z.url(),
  /** The shop's page that customers return to from PayPay, with `{tenant}` and `{orderId}`. Empty for none. */
  RETURN_URL: z.string(),
});

/** The secret that encrypts payment details. */
const detailsKey = { SEAL_SECRET_ARN: text };

const table = { PAYMENTS_TABLE: text };

/** For functions that call providers: through the function with the keys, or in the accounts table. */
const providerCalls = { ...table, ...detailsKey, ACCOUNTS_TABLE: text, PROVIDERS_FUNCTION: text };

export const requestPaymentsEnv = z.object({
  ...providerCalls,
  DEAD_LETTER_QUEUE_URL: z.url(),
});

export const pollPaymentsEnv = z.object(providerCalls);

export const receiveWebhooksEnv = z.object({ ...table, ...keys, ...detailsKey });

export const servePaymentsEnv = z.object({
  ...table,
  ...detailsKey,
  ACCOUNTS_TABLE: text,
  PROVIDERS_FUNCTION: text,
  ORDER_FUNCTION: text,
  USER_FUNCTION: text,
});

export const describePaymentEnv = z.object(table);

export const relayPaymentEventsEnv = z.object({ TOPIC_ARN: text, PARKING_QUEUE_URL: z.url() });
