import * as z from 'zod';
import type { Invoke } from '../aws/signed-request';
import { type Caller, callerFrom } from './caller';

/** What the API's authorizer answers, whoever asks it. */
const Verdict = z.object({
  policyDocument: z.object({ Statement: z.array(z.object({ Effect: z.enum(['Allow', 'Deny']) })).length(1) }),
  context: z.unknown().optional(), // missing where the token is good for nothing
});

/**
 * Asks the API's authorizer about one token, for a route that API Gateway does not ask it for; without a token, about a
 * guest of the storefront key's shop. Answers nothing when they are good for nothing; throws when the authorizer could
 * not tell.
 */
export const askAuthorizer =
  (invokeAuthorizer: Invoke) =>
  async (authorization: string | undefined, storefrontKey?: string): Promise<Caller | undefined> => {
    const headers = { authorization, 'x-storefront-key': storefrontKey };
    const answer = await invokeAuthorizer({ type: 'REQUEST', methodArn: 'direct', headers });
    const { policyDocument, context } = Verdict.parse(answer);
    return policyDocument.Statement[0]?.Effect === 'Allow' ? callerFrom(context) : undefined;
  };

/** What a connection that stays open was opened with: enough to ask whether it is good yet, and for nobody to open another. */
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

/** The type of the event by which a function asks about a credential that it has accepted before. */
export const validityType = 'STANDING';

/**
 * Asks the API's authorizer whether a credential is good yet: its user, log-in, storefront key and shop. With `fresh` the
 * user is read anew; without, what the authorizer read up to 15 seconds ago counts.
 */
export const askValidity =
  (invokeAuthorizer: Invoke, { fresh = false }: { readonly fresh?: boolean } = {}) =>
  async (credential: Credential): Promise<boolean> => {
    const answer = await invokeAuthorizer({ type: validityType, methodArn: 'direct', credential, fresh });
    const { policyDocument, context } = Verdict.parse(answer);
    return policyDocument.Statement[0]?.Effect === 'Allow' && callerFrom(context).suspended !== true;
  };
