import * as z from 'zod';
import { type Caller, callerFrom } from './caller';
import { postSigned } from './signed-request';

/** What the API's authorizer answers, whoever asks it. */
const Verdict = z.object({
  policyDocument: z.object({ Statement: z.array(z.object({ Effect: z.enum(['Allow', 'Deny']) })).length(1) }),
  context: z.unknown().optional(), // missing where the token is good for nothing
});

type Authorizer = {
  /** Where Lambda invokes it: `https://lambda.<region>.amazonaws.com/2015-03-31/functions/<name>/invocations`. */
  readonly url: string;
  readonly region: string;
};

const invoke = async ({ url, region }: Authorizer, payload: unknown): Promise<unknown> => {
  const contentType = 'application/json';
  const response = await postSigned({ url, service: 'lambda', region, contentType, body: JSON.stringify(payload) });
  if (!response.ok || response.headers.has('x-amz-function-error'))
    throw new Error(`the authorizer failed with ${response.status}`);
  return response.json();
};

/**
 * Asks the API's authorizer about one token, for a route that API Gateway does not ask it for; without a token, about a
 * guest of the storefront key's shop. Answers nothing when they are good for nothing; throws when the authorizer could
 * not tell.
 */
export const askAuthorizer =
  (authorizer: Authorizer) =>
  async (authorization: string | undefined, storefrontKey?: string): Promise<Caller | undefined> => {
    const headers = { authorization, 'x-storefront-key': storefrontKey };
    const answer = await invoke(authorizer, { type: 'REQUEST', methodArn: 'direct', headers });
    const { policyDocument, context } = Verdict.parse(answer);
    return policyDocument.Statement[0]?.Effect === 'Allow' ? callerFrom(context) : undefined;
  };
