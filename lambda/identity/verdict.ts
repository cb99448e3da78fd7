import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import { authorizerContext, type Caller, limitedContext } from '../kernel/caller';

/** `arn:…:api/stage/GET/orders` → every route of that stage: what a token may do is judged by the route's policy. */
const everyRoute = (methodArn: string): string => `${methodArn.split('/').slice(0, 2).join('/')}/*`;

const policy = (effect: 'Allow' | 'Deny', methodArn: string): APIGatewayAuthorizerResult['policyDocument'] => ({
  Version: '2012-10-17',
  Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: everyRoute(methodArn) }],
});

/** What the authorizer answers: who calls, or that the credentials are good for nothing. */
export const verdict = (caller: Caller | undefined, methodArn: string): APIGatewayAuthorizerResult =>
  caller === undefined
    ? { principalId: 'nobody', policyDocument: policy('Deny', methodArn) }
    : {
        principalId: caller.userId ?? 'guest',
        policyDocument: policy('Allow', methodArn),
        context: authorizerContext(caller),
      };

/** Lets a request through to the function that answers 429: API Gateway itself has no such answer of an authorizer. */
export const limitedVerdict = (retryAfter: string, methodArn: string): APIGatewayAuthorizerResult => ({
  principalId: 'limited',
  policyDocument: policy('Allow', methodArn),
  context: limitedContext(retryAfter),
});
