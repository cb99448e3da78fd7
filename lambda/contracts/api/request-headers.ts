import * as z from 'zod';
import { identifier } from '../values/text';

/** Header `Idempotency-Key`: visible ASCII, up to 255 characters. */
export const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters');

/** Header `X-Storefront-Key`: it identifies the tenant's shop. */
export const StorefrontKey = identifier(128);
