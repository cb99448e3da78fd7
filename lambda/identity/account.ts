import { createHash, createHmac } from 'node:crypto';
import type { Tenant } from '../kernel/tenant';

const maxUserName = 128; // of a user pool

/**
 * What an account is called in the user pool: the same address may have one in each shop, and no shop learns of another's.
 * An address that would make the name too long stands in it as its hash.
 */
export const userNameOf = (tenant: Tenant, email: string): string => {
  const name = `${tenant}/${email}`;
  return name.length <= maxUserName ? name : `${tenant}/${createHash('sha256').update(email).digest('hex')}`;
};

export type Client = { readonly clientId: string; readonly clientSecret: string };

/** Proves to the user pool that a request comes from us: nobody else can sign anybody up, or try passwords. */
export const secretHash = ({ clientId, clientSecret }: Client, userName: string): string =>
  createHmac('sha256', clientSecret).update(`${userName}${clientId}`).digest('base64');
