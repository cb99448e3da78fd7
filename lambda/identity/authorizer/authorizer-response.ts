import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { validityType } from '../../kernel/http/ask-authorizer';
import { authorizerContext, type Caller, limitedContext } from '../../kernel/http/caller';
import type { ProblemAnswer } from '../../kernel/http/http';
import type { LimitAddress } from '../../kernel/http/rate-limit';
import { logger } from '../../kernel/logger';
import type { AuthorizerDecision, Credentials } from './authorize';

/** `arn:…:api/stage/GET/orders` → every route of that stage: what a token may do is judged by the route's policy. */
const everyRoute = (methodArn: string): string => `${methodArn.split('/').slice(0, 2).join('/')}/*`;

const policy = (effect: 'Allow' | 'Deny', methodArn: string): APIGatewayAuthorizerResult['policyDocument'] => ({
  Version: '2012-10-17',
  Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: everyRoute(methodArn) }],
});

/** What the authorizer answers: who calls, or that the credentials are good for nothing. */
export const authorizerResponse = (caller: Caller | undefined, methodArn: string): APIGatewayAuthorizerResult =>
  caller === undefined
    ? { principalId: 'nobody', policyDocument: policy('Deny', methodArn) }
    : {
        principalId: caller.userId ?? 'guest',
        policyDocument: policy('Allow', methodArn),
        context: authorizerContext(caller),
      };

/** Lets a request through to the function that answers 429: API Gateway itself has no such answer of an authorizer. */
export const limitedResponse = (retryAfter: string, methodArn: string): APIGatewayAuthorizerResult => ({
  principalId: 'limited',
  policyDocument: policy('Allow', methodArn),
  context: limitedContext(retryAfter),
});

export type AnswerAuthorizerDeps = {
  readonly limitAddress: LimitAddress;
  readonly evaluate: (credentials: Credentials) => Promise<AuthorizerDecision>;
  /** Whether a credential that was accepted before is good yet; `fresh` reads its user anew. */
  readonly evaluateValidity: (credential: unknown, fresh?: boolean) => Promise<AuthorizerDecision>;
};

/** What API Gateway asks, or a function that holds a connection open. */
export type AuthorizerEvent =
  | APIGatewayRequestAuthorizerEvent
  | {
      readonly type: typeof validityType;
      readonly methodArn: string;
      readonly credential: unknown;
      readonly fresh?: boolean;
    };

const told = (judgement: AuthorizerDecision, methodArn: string): APIGatewayAuthorizerResult => {
  const caller = 'caller' in judgement ? judgement.caller : undefined;
  const refusal = 'refusal' in judgement ? judgement.refusal : undefined;
  logger.info('caller told', { allowed: caller !== undefined, refusal });
  return authorizerResponse(caller, methodArn);
};

const keptSeconds = '30'; // API Gateway goes on with the answer on a token for so long

const headerOf = ({ headers }: APIGatewayRequestAuthorizerEvent, name: string): string | undefined =>
  Object.entries(headers ?? {}).find(([given]) => given.toLowerCase() === name)?.[1];

const limited = ({ headers }: ProblemAnswer, authorization: string | undefined, methodArn: string) => {
  logger.info('address limited', { allowed: false });
  const retryAfter = authorization === undefined ? headers?.['retry-after'] : undefined;
  return limitedResponse(retryAfter ?? keptSeconds, methodArn);
};

/** Returns who calls. An address is counted before anything is asked; functions that ask by themselves have counted it. */
export const answerAuthorizer =
  ({ limitAddress, evaluate, evaluateValidity }: AnswerAuthorizerDeps) =>
  async (event: AuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
    if (event.type === validityType)
      return told(await evaluateValidity(event.credential, event.fresh), event.methodArn);
    const { requestId = 'authorizer', identity } = event.requestContext ?? {};
    const authorization = headerOf(event, 'authorization');
    const tooMany = identity?.sourceIp === undefined ? undefined : await limitAddress(identity);
    if (tooMany !== undefined) return limited(tooMany, authorization, event.methodArn);
    const storefrontKey = headerOf(event, 'x-storefront-key');
    return told(await evaluate({ authorization, storefrontKey, requestId }), event.methodArn);
  };
