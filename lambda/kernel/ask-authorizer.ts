import * as z from 'zod';
import { type Caller, callerFrom } from './caller';
import type { Invoke } from './invoke-function';

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
