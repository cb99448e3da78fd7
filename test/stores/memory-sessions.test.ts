import { directly } from './io';
import { memorySessionStore } from './memory-sessions';
import { sessionStoreContract } from './session-store.contract';

sessionStoreContract('in memory', memorySessionStore(new Map(), directly));
