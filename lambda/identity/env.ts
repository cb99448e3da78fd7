import * as z from 'zod';

export const authorizeEnv = z.object({ TENANTS_TABLE: z.string().min(1) });
