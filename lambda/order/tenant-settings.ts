import * as z from 'zod';
import { Payments } from '../contracts/payment-status';
import type { TenantTerms } from '../kernel/caller';
import type { Patience } from './order';

/** The order service's own copy of what a tenant has settled. What it has not is the default. */
export const TenantSettings = z.object({
  status: z.enum(['ACTIVE', 'SUSPENDED']).default('ACTIVE'),
  /** What happens to an order that is short of stock: it waits for a restock, or is cancelled at once. */
  backorders: z.enum(['allowed', 'refused']).default('allowed'),
  /** How long it waits. @default the stage's patience */
  backorderHours: z.number().positive().optional(),
  /** How the shop is paid. */
  payments: Payments.default('offline'),
  /** @default the kernel's */
  limits: z.object({ tenantPerMinute: z.int().positive(), callerPerMinute: z.int().positive() }).optional(),
});
export type TenantSettings = z.output<typeof TenantSettings>;

export const defaultSettings: TenantSettings = TenantSettings.parse({});

/** What each caller of the tenant brings with it. */
export const termsOf = ({ status, limits, payments }: TenantSettings): TenantTerms => ({
  limits,
  payments,
  suspended: status === 'SUSPENDED',
});

/** How long the tenant's orders wait. */
export const patienceOf = ({ backorders, backorderHours }: TenantSettings, patience: Patience): Patience => {
  if (backorders === 'refused') return { ...patience, backorderSeconds: 0 };
  return backorderHours === undefined ? patience : { ...patience, backorderSeconds: Math.ceil(backorderHours * 3600) };
};
