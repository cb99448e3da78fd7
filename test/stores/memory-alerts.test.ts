import { orderPaymentStoreContract } from './alert-stores.contract';
import { directly } from './io';
import { memoryOrderPaymentStore, orderPaymentsTable } from './memory-order-payments';

const settled = async () => undefined;

orderPaymentStoreContract('in memory', () => ({
  store: memoryOrderPaymentStore(orderPaymentsTable(), directly),
  settled,
}));
