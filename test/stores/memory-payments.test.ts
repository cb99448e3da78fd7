import { directly } from './io';
import { memoryPaymentStore, paymentsTable } from './memory-payments';
import { paymentStoreContract } from './payment-store.contract';

paymentStoreContract('in memory', () => ({
  store: memoryPaymentStore(paymentsTable(), directly),
  settled: async () => undefined,
}));
