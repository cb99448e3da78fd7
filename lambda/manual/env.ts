import { originsEnv } from '../kernel/origins';

export const serveManualEnv = originsEnv;
