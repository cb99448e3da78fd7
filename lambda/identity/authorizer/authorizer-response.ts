import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { ProblemAnswer } from '../../kernel/http/answer';
import { validityType } from '../../kernel/http/ask-authorizer';
import { authorizerContext, type Caller, limitedContext } from '../../kernel/http/caller';
import type { LimitAddress } from '../../kernel/http/rate-limit';
import { logger } from '../../kernel/logger';
import type { AuthorizerDecision, Credentials } from './authorize';

/** Returns every route of the stage in `arn:…:api/stage/GET/orders`, since the route's own policy authorizes. */
const everyRoute = (methodArn: string): string => `${methodArn.split('/').slice(0, 2).join('/')}/*`;

const policy = (effect: 'Allow' | 'Deny', methodArn: string): APIGatewayAuthorizerResult['policyDocument'] => ({
  Version: '2012-10-17',
  Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: everyRoute(methodArn) }],
});

/** Returns the authorizer's response: the caller, or a denial for invalid credentials. */
export const authorizerResponse = (caller: Caller | undefined, methodArn: string): APIGatewayAuthorizerResult =>
  caller === undefined
    ? { principalId: 'nobody', policyDocument: policy('Deny', methodArn) }
    : {
        principalId: caller.userId ?? 'guest',
        policyDocument: policy('Allow', methodArn),
        context: authorizerContext(caller),
      };

/** Lets a request through to the function, which returns 429: an API Gateway authorizer cannot. */
const limitedResponse = (retryAfter: string, methodArn: string): APIGatewayAuthorizerResult => ({
  principalId: 'limited',
  policyDocument: policy('Allow', methodArn),
  context: limitedContext(retryAfter),
});

export type AnswerAuthorizerDeps = {
  readonly limitAddress: LimitAddress;
  readonly evaluate: (credentials: Credentials) => Promise<AuthorizerDecision>;
  /** Decides whether an accepted credential is still valid; `fresh` bypasses the cache. */
  readonly evaluateValidity: (credential: unknown, fresh?: boolean) => Promise<AuthorizerDecision>;
};

/** A request of API Gateway, or a validity check by a function with a long-lived connection. */
export type AuthorizerEvent =
  | APIGatewayRequestAuthorizerEvent
  | {
      readonly type: typeof validityType;
      readonly methodArn: string;
      readonly credential: unknown;
      readonly fresh?: boolean;
    };

const respond = (decision: AuthorizerDecision, methodArn: string): APIGatewayAuthorizerResult => {
  const caller = 'caller' in decision ? decision.caller : undefined;
  const refusal = 'refusal' in decision ? decision.refusal : undefined;
  logger.info('caller authorized', { allowed: caller !== undefined, refusal });
  return authorizerResponse(caller, methodArn);
};

const cacheSeconds = '30'; // how long API Gateway caches the response for a token

const headerOf = ({ headers }: APIGatewayRequestAuthorizerEvent, name: string): string | undefined =>
  Object.entries(headers ?? {}).find(([given]) => given.toLowerCase() === name)?.[1];

const limited = ({ headers }: ProblemAnswer, authorization: string | undefined, methodArn: string) => {
  logger.info('address limited', { allowed: false });
  const retryAfter = authorization === undefined ? headers?.['retry-after'] : undefined;
  return limitedResponse(retryAfter ?? cacheSeconds, methodArn);
};

/** Handles authorizer requests. The address is counted first, unless a function asks, which has counted it already. */
export const answerAuthorizer =
  ({ limitAddress, evaluate, evaluateValidity }: AnswerAuthorizerDeps) =>
  async (event: AuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
    if (event.type === validityType)
      return respond(await evaluateValidity(event.credential, event.fresh), event.methodArn);
    const { requestId = 'authorizer', identity } = event.requestContext ?? {};
    const authorization = headerOf(event, 'authorization');
    const tooMany = identity?.sourceIp === undefined ? undefined : await limitAddress(identity);
    if (tooMany !== undefined) return limited(tooMany, authorization, event.methodArn);
    const storefrontKey = headerOf(event, 'x-storefront-key');
    return respond(await evaluate({ authorization, storefrontKey, requestId }), event.methodArn);
  };
