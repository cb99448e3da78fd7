import * as z from 'zod';
import { Currency } from '../values/money';
import { Payments } from '../values/payment-status';
import { identifier, recordedLine, TenantId } from '../values/text';
import { defineEvent } from './event';

/** A suspended tenant's requests are refused. */
export const TenantStatus = z.enum(['ACTIVE', 'SUSPENDED']);
export type TenantStatus = z.infer<typeof TenantStatus>;

const RateBps = z.int().min(0).max(10_000);

/** Tax rates in basis points: 1000 is 10 %. */
export const TaxRates = z.object({ standard: RateBps, reduced: RateBps });

/** Whether an order that is short of stock waits for a restock or is cancelled immediately. */
export const Backorders = z.enum(['allowed', 'refused']);

/** The allowed requests per minute. */
export const RequestLimits = z.object({
  tenantPerMinute: z.int().min(6).max(1_000_000),
  callerPerMinute: z.int().min(6).max(1_000_000),
});

/** The settings of a shop. */
export const tenantSettings = {
  name: recordedLine(100),
  status: TenantStatus,
  /** The default currency of products. */
  currency: Currency,
  taxRatesBps: TaxRates,
  backorders: Backorders,
  /** How long a backorder waits. @default the stage's setting */
  backorderHours: z.int().min(1).max(720).optional(),
  limits: RequestLimits,
  /** Missing in events from before payments existed, which means `offline`. */
  payments: Payments.optional(),
};

/** The fields of both tenant events: all settings after the change. `version` increases with each change. */
const TenantSummary = z.object({ tenantId: TenantId, version: z.int().positive(), ...tenantSettings });
export type TenantSummary = z.infer<typeof TenantSummary>;

/** A tenant was created. */
export const TenantCreated = defineEvent('TenantCreated.v1', TenantSummary);
export type TenantCreated = z.infer<typeof TenantCreated>;

/** A tenant's settings or status changed. */
export const TenantUpdated = defineEvent('TenantUpdated.v1', TenantSummary);
export type TenantUpdated = z.infer<typeof TenantUpdated>;

const KeySummary = z.object({
  tenantId: TenantId,
  keyId: identifier(),
  version: z.int().positive(),
  /** SHA-256 of the storefront key in hexadecimal digits. The key itself is in no event. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A storefront key of the tenant is valid. */
export const StorefrontKeyCreated = defineEvent('StorefrontKeyCreated.v1', KeySummary);
export type StorefrontKeyCreated = z.infer<typeof StorefrontKeyCreated>;

/** The storefront key is no longer valid. */
export const StorefrontKeyDeleted = defineEvent('StorefrontKeyDeleted.v1', KeySummary);
export type StorefrontKeyDeleted = z.infer<typeof StorefrontKeyDeleted>;

export type TenantEvent = TenantCreated | TenantUpdated | StorefrontKeyCreated | StorefrontKeyDeleted;
