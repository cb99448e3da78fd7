import * as z from 'zod';
import { defineEvent } from './event';
import { Currency } from './money';
import { Payments } from './payment-status';
import { identifier, recordedLine, TenantId } from './text';

/** Whether anybody may act for the tenant. */
export const TenantStatus = z.enum(['ACTIVE', 'SUSPENDED']);
export type TenantStatus = z.infer<typeof TenantStatus>;

const RateBps = z.int().min(0).max(10_000);

/** Tax rates in basis points: 1000 is 10 %. */
export const TaxRates = z.object({ standard: RateBps, reduced: RateBps });

/** What becomes of an order that stock does not suffice for: it waits for a restock, or it is cancelled at once. */
export const Backorders = z.enum(['allowed', 'refused']);

/** Requests a minute. */
export const RequestLimits = z.object({
  tenantPerMinute: z.int().min(6).max(1_000_000),
  callerPerMinute: z.int().min(6).max(1_000_000),
});

/** How a shop is run. */
export const tenantSettings = {
  name: recordedLine(100),
  status: TenantStatus,
  /** Of products that name none. */
  currency: Currency,
  taxRatesBps: TaxRates,
  backorders: Backorders,
  /** How long a backorder waits. @default as long as the stage says */
  backorderHours: z.int().min(1).max(720).optional(),
  limits: RequestLimits,
  /** Missing in events from before payments: a shop that is paid outside of this system. */
  payments: Payments.optional(),
};

/** What both events of a tenant tell: all of its settings as they are after the change. `version` rises with each. */
const TenantSummary = z.object({ tenantId: TenantId, version: z.int().positive(), ...tenantSettings });
export type TenantSummary = z.infer<typeof TenantSummary>;

/** A shop is open. */
export const TenantCreated = defineEvent('TenantCreated.v1', TenantSummary);
export type TenantCreated = z.infer<typeof TenantCreated>;

/** A shop is run in another way from now on. */
export const TenantUpdated = defineEvent('TenantUpdated.v1', TenantSummary);
export type TenantUpdated = z.infer<typeof TenantUpdated>;

const KeySummary = z.object({
  tenantId: TenantId,
  keyId: identifier(),
  version: z.int().positive(),
  /** SHA-256 of the storefront key, in hexadecimal digits. The key itself is in no event. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A storefront key opens the tenant's shop from now on. */
export const StorefrontKeyCreated = defineEvent('StorefrontKeyCreated.v1', KeySummary);
export type StorefrontKeyCreated = z.infer<typeof StorefrontKeyCreated>;

/** The storefront key opens nothing any more. */
export const StorefrontKeyDeleted = defineEvent('StorefrontKeyDeleted.v1', KeySummary);
export type StorefrontKeyDeleted = z.infer<typeof StorefrontKeyDeleted>;

export type TenantEvent = TenantCreated | TenantUpdated | StorefrontKeyCreated | StorefrontKeyDeleted;
