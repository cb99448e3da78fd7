import { accountStore } from '../../lambda/payment/accounts/account.store';
import { accountBook, balanceGateway } from '../../lambda/payment/providers/balance/balance.gateway';
import { payPayGateway } from '../../lambda/payment/providers/paypay/paypay.gateway';
import type { Charge, ProviderSnapshot } from '../../lambda/payment/providers/provider';
import { stripeGateway } from '../../lambda/payment/providers/stripe/stripe.gateway';
import { simulatorKeys } from '../../scripts/payment-simulator/keys';
import type { Simulator } from '../../scripts/payment-simulator/server';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { simulatorAt, startPaymentSimulator } from '../support/payment-simulator';
import { providerContract } from './provider.contract';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startPaymentSimulator();
});
afterAll(() => simulator.stop());

const now = () => new Date();
const timeoutMs = 60_000; // a busy machine takes its time

/** What both providers of the simulator have in common. */
const simulated = () => {
  const client = simulatorAt(simulator.url);
  return {
    prepare: async () => undefined,
    pay: (_: Charge, { externalPaymentId }: ProviderSnapshot) => client.pay(externalPaymentId),
    loseAnswer: ({ tenant, paymentId }: Charge) => client.play({ scenario: 'answer-lost', tenant, paymentId }),
    made: async ({ tenant, paymentId }: Charge) => {
      const payments = await client.payments({ tenant, paymentId });
      return { payments: payments.length, refunds: payments.flatMap(({ refunds }) => refunds).length };
    },
  };
};

providerContract('Stripe, through its own SDK', () => {
  const { secretKey } = simulatorKeys.stripe;
  return {
    ...simulated(),
    provider: stripeGateway({ secretKey, url: simulator.url, now, timeoutMs }),
    paymentMethod: 'CREDIT_CARD',
    begun: 'OPEN',
    repeats: true,
    unknownId: 'pi_unknown',
  };
});

providerContract('PayPay, through its Open Payment API', () => {
  const { apiKey, apiSecret, merchantId } = simulatorKeys.paypay;
  return {
    ...simulated(),
    provider: payPayGateway({ apiKey, apiSecret, merchantId, url: simulator.url, now, timeoutMs }),
    paymentMethod: 'PAYPAY',
    begun: 'OPEN',
    repeats: false,
    unknownId: 'default_PAY-ORD-000000',
  };
});

providerContract('the account balance', () => {
  const store = accountStore('accounts', memoryDynamoDb().db);
  let lost = 0;
  const record: typeof store.record = async (posted) => {
    const recorded = await store.record(posted);
    if (lost === 0) return recorded;
    lost -= 1;
    throw new Error('the answer was lost');
  };
  const book = accountBook({ ...store, record });
  const provider = balanceGateway(book, now);
  return {
    provider,
    paymentMethod: 'ACCOUNT_BALANCE',
    begun: 'AUTHORIZED',
    repeats: true,
    unknownId: 'bal_unknown',
    prepare: ({ tenant, currency }) => {
      const posting = { key: 'k', amount: 10_000, currency, at: '2026-11-21T08:00:00.000Z', by: 'staff-1' };
      return book.topUp({ tenant, userId: 'ada' }, posting);
    },
    pay: (charge) => provider.capture(charge),
    loseAnswer: async () => {
      lost = 1;
    },
    made: async ({ tenant, paymentId }) => {
      const entries = await book.entries({ tenant, userId: 'ada' }, { limit: 100 });
      const own = entries.filter(({ key }) => key.startsWith(`${paymentId}:`));
      const count = (type: string) => own.filter((entry) => entry.type === type).length;
      return { payments: count('hold'), refunds: count('refund') };
    },
  };
});
