import * as z from 'zod';
import { TenantId, UserId } from '../values/text';

/** A disabled user may be enabled again. A deleted one may not. */
export const UserStatus = z.enum(['ACTIVE', 'DISABLED', 'DELETED']);
export type UserStatus = z.infer<typeof UserStatus>;

/** Query to the identity service for a user of a tenant. */
export const DescribeUser = z.object({ ask: z.literal('describe-user'), tenantId: TenantId, userId: UserId });
export type DescribeUser = z.infer<typeof DescribeUser>;

/** The user's current status. Missing when the tenant has no such user. */
export const UserDescribed = z.object({ user: z.object({ status: UserStatus }).optional() });
export type UserDescribed = z.infer<typeof UserDescribed>;
