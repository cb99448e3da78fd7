import { keptAlertStoreContract, orderPaymentStoreContract } from './alert-stores.contract';
import { directly } from './io';
import { keptAlertsTable, memoryKeptAlertStore } from './memory-kept-alerts';
import { memoryOrderPaymentStore, orderPaymentsTable } from './memory-order-payments';

const settled = async () => undefined;

orderPaymentStoreContract('in memory', () => ({
  store: memoryOrderPaymentStore(orderPaymentsTable(), directly),
  settled,
}));

keptAlertStoreContract('in memory', () => ({ store: memoryKeptAlertStore(keptAlertsTable(), directly), settled }));
