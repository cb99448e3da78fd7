import * as z from 'zod';
import { TenantId, UserId } from './text';

/** A disabled user can do nothing until somebody enables it again; a deleted one is gone for good. */
export const UserStatus = z.enum(['ACTIVE', 'DISABLED', 'DELETED']);
export type UserStatus = z.infer<typeof UserStatus>;

/** Asks the identity service whether a tenant has a user. */
export const DescribeUser = z.object({ ask: z.literal('describe-user'), tenantId: TenantId, userId: UserId });
export type DescribeUser = z.infer<typeof DescribeUser>;

/** The user as it is; missing when the tenant has no such user. */
export const UserDescribed = z.object({ user: z.object({ status: UserStatus }).optional() });
export type UserDescribed = z.infer<typeof UserDescribed>;
