import * as z from 'zod';
import { RequestLimits, TaxRates, tenantSettings } from '../events/tenant-events';
import { Payments } from '../values/payment-status';
import { personal } from '../values/personal';
import { freeText, identifier, TenantId } from '../values/text';
import type { OperationContract } from './operation';
import { page, pageOf } from './page';
import type { Operation } from './routes';
import { SignInEmail } from './sign-in-api';

const { status, currency, backorders } = tenantSettings;
const name = freeText(100);
const isRate = (bps: number) => bps === 0 || bps >= 100;
const notPercent = 'is in basis points: 1000 means 10 %';
const taxRatesBps = z.strictObject({
  standard: TaxRates.shape.standard.refine(isRate, notPercent),
  reduced: TaxRates.shape.reduced.refine(isRate, notPercent),
});
const limits = z.strictObject(RequestLimits.shape);
const backorderHours = z.int().min(1).max(720);

/** Body of `POST /tenants`. `admin` is the tenant's first user, who is invited by e-mail. */
export const CreateTenantRequest = z.strictObject({
  tenantId: TenantId,
  name,
  currency: currency.default('JPY'),
  taxRatesBps: taxRatesBps.default({ standard: 1000, reduced: 800 }),
  backorders: backorders.default('allowed'),
  backorderHours: backorderHours.optional(),
  limits: limits.default({ tenantPerMinute: 6000, callerPerMinute: 1200 }),
  payments: Payments.default('offline'),
  admin: z.strictObject({ email: SignInEmail, displayName: personal('account', freeText(100)).optional() }).optional(),
});
export type CreateTenantRequest = z.infer<typeof CreateTenantRequest>;

/** Body of `PATCH /tenants/{tenantId}`. Missing fields stay. `backorderHours: null` restores the stage's default. */
export const UpdateTenantRequest = z.strictObject({
  name: name.optional(),
  status: status.optional(),
  currency: currency.optional(),
  taxRatesBps: taxRatesBps.optional(),
  backorders: backorders.optional(),
  backorderHours: backorderHours.nullable().optional(),
  limits: limits.optional(),
  payments: Payments.optional(),
  /** The version that the caller read. @default any version */
  expectedVersion: z.int().positive().optional(),
});
export type UpdateTenantRequest = z.infer<typeof UpdateTenantRequest>;

const StorefrontKeyView = z.object({ keyId: identifier(), createdAt: z.iso.datetime() });

/** A tenant with its settings, and the names of its storefront keys. */
export const TenantView = z.object({
  tenantId: TenantId,
  ...tenantSettings,
  storefrontKeys: z.array(StorefrontKeyView),
  /** Conflicts of the settings: payment methods that cannot take the currency. */
  warnings: z.array(z.string()).optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.int().positive(),
});
export type TenantView = z.infer<typeof TenantView>;

/** The only answer that shows the key itself. */
export const CreateStorefrontKeyResponse = StorefrontKeyView.extend({ storefrontKey: z.string() });
export type CreateStorefrontKeyResponse = z.infer<typeof CreateStorefrontKeyResponse>;

/** The contracts of the tenant operations. */
export const tenantOperations = {
  createTenant: {
    summary: 'Open a shop',
    description: 'Its first user is invited by e-mail. A repeated request changes nothing.',
    tag: 'Tenants',
    body: CreateTenantRequest,
    answers: { 201: TenantView },
    sends: ['Location'],
    problems: ['TenantExists'],
    etag: true,
  },
  listTenants: {
    summary: 'List all tenants',
    tag: 'Tenants',
    query: z.object(page),
    answers: { 200: pageOf(TenantView) },
    problems: [],
  },
  getTenant: {
    summary: 'Read a tenant',
    tag: 'Tenants',
    answers: { 200: TenantView },
    problems: ['TenantNotFound'],
    etag: true,
  },
  updateTenant: {
    summary: 'Suspend, resume or configure a tenant',
    description:
      'Requests of a suspended tenant are refused. `warnings` name the payment methods that cannot take the currency.',
    tag: 'Tenants',
    body: UpdateTenantRequest,
    answers: { 200: TenantView },
    problems: ['TenantNotFound', 'VersionMismatch'],
    etag: true,
  },
  createStorefrontKey: {
    summary: 'Create a storefront key',
    description: 'Two keys may be valid at the same time: create a new one, change the storefront, delete the old one.',
    tag: 'Tenants',
    answers: { 201: CreateStorefrontKeyResponse },
    sends: ['Location'],
    problems: ['TenantNotFound', 'TooManyStorefrontKeys'],
  },
  deleteStorefrontKey: {
    summary: 'Delete a storefront key',
    description: 'The key becomes invalid within a minute.',
    tag: 'Tenants',
    answers: { 204: null },
    problems: ['TenantNotFound', 'StorefrontKeyNotFound'],
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;
