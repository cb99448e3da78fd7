import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { ProblemAnswer } from '../kernel/answer';
import { standingType } from '../kernel/ask-authorizer';
import { logger } from '../kernel/logger';
import type { LimitAddress } from '../kernel/rate-limit';
import type { Credentials, Judgement } from './authorize';
import { limitedVerdict, verdict } from './verdict';

export type AnswerAuthorizerDeps = {
  readonly limitAddress: LimitAddress;
  readonly judge: (credentials: Credentials) => Promise<Judgement>;
  /** Whether a credential that was accepted before is good yet; `fresh` reads its user anew. */
  readonly judgeStanding: (credential: unknown, fresh?: boolean) => Promise<Judgement>;
};

/** What API Gateway asks, or a function that holds a connection open. */
export type AuthorizerEvent =
  | APIGatewayRequestAuthorizerEvent
  | {
      readonly type: typeof standingType;
      readonly methodArn: string;
      readonly credential: unknown;
      readonly fresh?: boolean;
    };

const told = (judgement: Judgement, methodArn: string): APIGatewayAuthorizerResult => {
  const caller = 'caller' in judgement ? judgement.caller : undefined;
  const refusal = 'refusal' in judgement ? judgement.refusal : undefined;
  logger.info('caller told', { allowed: caller !== undefined, refusal });
  return verdict(caller, methodArn);
};

const keptSeconds = '30'; // API Gateway goes on with the answer on a token for so long

const headerOf = ({ headers }: APIGatewayRequestAuthorizerEvent, name: string): string | undefined =>
  Object.entries(headers ?? {}).find(([given]) => given.toLowerCase() === name)?.[1];

const limited = ({ headers }: ProblemAnswer, authorization: string | undefined, methodArn: string) => {
  logger.info('address limited', { allowed: false });
  const retryAfter = authorization === undefined ? headers?.['retry-after'] : undefined;
  return limitedVerdict(retryAfter ?? keptSeconds, methodArn);
};

/** Returns who calls. An address is counted before anything is asked; functions that ask by themselves have counted it. */
export const answerAuthorizer =
  ({ limitAddress, judge, judgeStanding }: AnswerAuthorizerDeps) =>
  async (event: AuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
    if (event.type === standingType) return told(await judgeStanding(event.credential, event.fresh), event.methodArn);
    const { requestId = 'authorizer', identity } = event.requestContext ?? {};
    const authorization = headerOf(event, 'authorization');
    const tooMany = identity?.sourceIp === undefined ? undefined : await limitAddress(identity);
    if (tooMany !== undefined) return limited(tooMany, authorization, event.methodArn);
    const storefrontKey = headerOf(event, 'x-storefront-key');
    return told(await judge({ authorization, storefrontKey, requestId }), event.methodArn);
  };
