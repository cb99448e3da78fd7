import { memoryUsers } from '../identity/people';
import { userStoreContract } from './user-store.contract';

userStoreContract('memory', () => memoryUsers());
