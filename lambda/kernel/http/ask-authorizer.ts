import * as z from 'zod';
import type { Invoke } from '../aws/signed-request';
import { type Caller, callerFrom } from './caller';

/** The response of the API's authorizer. */
const AuthorizerResponse = z.object({
  policyDocument: z.object({ Statement: z.array(z.object({ Effect: z.enum(['Allow', 'Deny']) })).length(1) }),
  context: z.unknown().optional(), // missing for an invalid token
});

/**
 * Authorizes a token, or a guest by the storefront key, for routes on which API Gateway does not call the authorizer.
 * Returns undefined for invalid credentials. Throws when the authorizer fails.
 */
export const askAuthorizer =
  (invokeAuthorizer: Invoke) =>
  async (authorization: string | undefined, storefrontKey?: string): Promise<Caller | undefined> => {
    const headers = { authorization, 'x-storefront-key': storefrontKey };
    const response = await invokeAuthorizer({ type: 'REQUEST', methodArn: 'direct', headers });
    const { policyDocument, context } = AuthorizerResponse.parse(response);
    return policyDocument.Statement[0]?.Effect === 'Allow' ? callerFrom(context) : undefined;
  };

/** The credential of a long-lived connection: enough to check that it is still valid, not enough to open another. */
export const Credential = z.object({
  tenant: z.string().min(1),
  /** Missing for a guest. */
  userId: z.string().optional(),
  sessionId: z.string().optional(),
  /** In seconds since 1970, as `loggedInAt`. */
  issuedAt: z.number().optional(),
  loggedInAt: z.number().optional(),
  storefrontKey: z.string().optional(),
});
export type Credential = z.infer<typeof Credential>;

/** The event type of a validity check of a credential that was accepted before. */
export const validityType = 'STANDING';

/**
 * Returns whether a credential is still valid: its user, log-in, storefront key and tenant. With `fresh` the user is
 * read again; without it, the authorizer's cache of up to 15 seconds counts. Throws when the authorizer fails.
 */
export const askValidity =
  (invokeAuthorizer: Invoke, { fresh = false }: { readonly fresh?: boolean } = {}) =>
  async (credential: Credential): Promise<boolean> => {
    const response = await invokeAuthorizer({ type: validityType, methodArn: 'direct', credential, fresh });
    const { policyDocument, context } = AuthorizerResponse.parse(response);
    return policyDocument.Statement[0]?.Effect === 'Allow' && callerFrom(context).suspended !== true;
  };
