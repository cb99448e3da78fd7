import type { Invoke } from '../kernel/invoke-function';
import type { AccountStore } from './account.store';
import { accountBook } from './account-book';
import { balanceGateway } from './balance.gateway';
import type { PaymentProviders } from './provider';
import { remoteProvider } from './remote-provider.gateway';

/** Every provider: two are asked by the function that has their keys, balances are in our own accounts. */
export const allProviders = (ask: Invoke, accounts: AccountStore, now: () => Date): PaymentProviders => {
  return {
    stripe: remoteProvider('stripe', ask),
    paypay: remoteProvider('paypay', ask),
    balance: balanceGateway(accountBook(accounts), now),
  };
};
