import { fromEnv } from '@aws-sdk/credential-provider-env';
import { Hash } from '@smithy/core/serde';
import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import * as z from 'zod';
import { type Caller, callerFrom } from './caller';

/** What the API's authorizer answers, whoever asks it. */
const Verdict = z.object({
  policyDocument: z.object({ Statement: z.array(z.object({ Effect: z.enum(['Allow', 'Deny']) })).length(1) }),
  context: z.unknown(),
});

const patienceMs = 5000;

type Authorizer = {
  /** Where Lambda invokes it: `https://lambda.<region>.amazonaws.com/2015-03-31/functions/<name>/invocations`. */
  readonly url: string;
  readonly region: string;
};

// signed by hand: the SDK's Lambda client would add 84 KB to what each cold start of the order function loads
const signer = (region: string) =>
  new SignatureV4({ service: 'lambda', region, credentials: fromEnv(), sha256: Hash.bind(null, 'sha256') });

const invoke = async ({ url, region }: Authorizer, payload: unknown): Promise<unknown> => {
  const { protocol, hostname, port, host, pathname } = new URL(url);
  const request = new HttpRequest({
    method: 'POST',
    protocol,
    hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    path: pathname,
    headers: { host, 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  });
  const { method, headers, body } = await signer(region).sign(request);
  const response = await fetch(url, { method, headers, body, signal: AbortSignal.timeout(patienceMs) });
  if (!response.ok || response.headers.has('x-amz-function-error'))
    throw new Error(`the authorizer failed with ${response.status}`);
  return response.json();
};

/**
 * Asks the API's authorizer about one token, for a route that API Gateway does not ask it for. Answers nothing when the
 * token is good for nothing; throws when the authorizer could not tell.
 */
export const askAuthorizer =
  (authorizer: Authorizer) =>
  async (authorization: string): Promise<Caller | undefined> => {
    const answer = await invoke(authorizer, { type: 'REQUEST', methodArn: 'direct', headers: { authorization } });
    const { policyDocument, context } = Verdict.parse(answer);
    return policyDocument.Statement[0]?.Effect === 'Allow' ? callerFrom(context) : undefined;
  };
