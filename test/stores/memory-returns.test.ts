import { directly } from './io';
import { memoryReturnStore, returnsTable } from './memory-returns';
import { returnStoreContract } from './return-store.contract';

returnStoreContract('in memory', () => ({
  store: memoryReturnStore(returnsTable(), directly),
  settled: async () => undefined,
}));
