import * as z from 'zod';
import { Payments } from '../../contracts/values/payment-status';
import type { TenantTerms } from '../../kernel/http/caller';
import type { Timeouts } from '../domain/order';

/** The order service's projection of a tenant's settings, with a default for each. */
export const TenantSettings = z.object({
  status: z.enum(['ACTIVE', 'SUSPENDED']).default('ACTIVE'),
  /** Whether an order that is short of stock waits for a restock or is cancelled at once. */
  backorders: z.enum(['allowed', 'refused']).default('allowed'),
  /** How long it waits. @default the timeout of the stage */
  backorderHours: z.number().positive().optional(),
  /** Whether the shop takes payment online. */
  payments: Payments.default('offline'),
  /** @default the limits of the kernel */
  limits: z.object({ tenantPerMinute: z.int().positive(), callerPerMinute: z.int().positive() }).optional(),
});
export type TenantSettings = z.output<typeof TenantSettings>;

export const defaultSettings: TenantSettings = TenantSettings.parse({});

/** Returns the terms that apply to each caller of the tenant. */
export const termsOf = ({ status, limits, payments }: TenantSettings): TenantTerms => ({
  limits,
  payments,
  suspended: status === 'SUSPENDED',
});

/** Returns the timeouts of the tenant's orders. */
export const timeoutsOf = ({ backorders, backorderHours }: TenantSettings, timeouts: Timeouts): Timeouts => {
  if (backorders === 'refused') return { ...timeouts, backorderSeconds: 0 };
  return backorderHours === undefined ? timeouts : { ...timeouts, backorderSeconds: Math.ceil(backorderHours * 3600) };
};
