import { alertHistoryStoreContract, orderPaymentStoreContract } from './alert-stores.contract';
import { directly } from './io';
import { alertHistoryTable, memoryAlertHistoryStore } from './memory-alert-history';
import { memoryOrderPaymentStore, orderPaymentsTable } from './memory-order-payments';

const settled = async () => undefined;

orderPaymentStoreContract('in memory', () => ({
  store: memoryOrderPaymentStore(orderPaymentsTable(), directly),
  settled,
}));

alertHistoryStoreContract('in memory', () => ({
  store: memoryAlertHistoryStore(alertHistoryTable(), directly),
  settled,
}));
