import { accountStoreContract } from './account-store.contract';
import { accountTables, memoryAccountStore } from './memory-accounts';

accountStoreContract('in memory', () => memoryAccountStore(accountTables()));
