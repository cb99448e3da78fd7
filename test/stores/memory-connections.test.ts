import { connectionStoreContract } from './connection-store.contract';
import { directly } from './io';
import { connectionsTable, memoryConnectionStore } from './memory-connections';

connectionStoreContract('in memory', memoryConnectionStore(connectionsTable(), directly));
