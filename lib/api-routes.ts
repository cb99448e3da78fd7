import { type Duration, Fn, Stack, Token } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { type Operation, type Policy, routes, sessionProxy } from '../lambda/contracts/api/routes';
import type { ServiceFunction } from './constructs/service-function';

/** The function of each operation. */
export type RouteHandlers = Readonly<Partial<Record<Operation, ServiceFunction>>>;

/** The role that API Gateway invokes functions with. */
export type Invoker = Pick<IRole, 'roleArn'>;

/** A part of an OpenAPI document. */
export type Part = Readonly<Record<string, unknown>>;

/** Routes without an authorizer: they are public, or identify the caller themselves. */
const unauthorized: readonly Operation[] = [
  'receiveStripeWebhook',
  'receivePayPayWebhook',
  'placeOrder',
  'health',
  'getOpenApi',
  'getDocs',
  'getDocsFile',
  'getSession',
  'deleteSession',
];

/**
 * Returns the URI by which API Gateway invokes a function, as one `Fn::Sub`: a join of parts is longer, a hundred
 * times.
 */
const invocationArn = (handler: ServiceFunction): string => {
  const { partition, region } = Stack.of(handler);
  const pseudo = (name: string) => `\${AWS::${name}}`; // of CloudFormation
  const here = Token.isUnresolved(region) ? [pseudo('Partition'), pseudo('Region')] : [partition, region];
  const id = Stack.of(handler).getLogicalId(handler.node.defaultChild as CfnFunction);
  return Fn.sub(`arn:${here[0]}:apigateway:${here[1]}:lambda:path/2015-03-31/functions/\${${id}.Arn}/invocations`);
};

/** Returns an authorizer of the API. Without an identity source API Gateway cannot cache its responses. */
export const authorizerScheme = (
  { handler, invoker, cached }: { handler: ServiceFunction; invoker: Invoker; cached: Duration },
  identitySource?: string,
): Part => ({
  type: 'apiKey',
  name: identitySource === undefined ? 'Unused' : 'Authorization',
  in: 'header',
  'x-amazon-apigateway-authtype': 'custom',
  'x-amazon-apigateway-authorizer': {
    type: 'request',
    authorizerUri: invocationArn(handler),
    authorizerCredentials: invoker.roleArn,
    authorizerResultTtlInSeconds: cached.toSeconds(),
    ...(identitySource === undefined ? {} : { identitySource }),
  },
});

const schemeOf = (operation: Operation, { allow }: Policy): 'token' | 'guest' | undefined => {
  if (unauthorized.includes(operation)) return undefined;
  return 'guest' in allow ? 'guest' : 'token';
};

const withParameters = (path: string): Part => {
  const parameters = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  return parameters.length === 0 ? {} : { parameters };
};

const integrationWith = (handler: ServiceFunction, invoker: Invoker): Part => ({
  responses: {},
  'x-amazon-apigateway-integration': {
    type: 'aws_proxy',
    httpMethod: 'POST',
    uri: invocationArn(handler),
    credentials: invoker.roleArn,
  },
});

/** Returns the route for API Gateway: its authorizer and its function. */
const operationOf = (operation: Operation, handler: ServiceFunction, invoker: Invoker): Part => {
  const policy: Policy = routes[operation];
  const scheme = schemeOf(operation, policy);
  return {
    operationId: operation,
    ...(scheme === undefined ? {} : { security: [{ [scheme]: [] }] }),
    ...withParameters(policy.path),
    ...integrationWith(handler, invoker),
  };
};

/** Returns the fallback for methods that a path does not have; without it API Gateway returns 404. No authorizer. */
const anyMethod = (handler: ServiceFunction, invoker: Invoker): Part => ({
  'x-amazon-apigateway-any-method': integrationWith(handler, invoker),
});

/** Returns the paths of all routes that have a function. `everywhere` adds operations to each path. */
export const routePaths = (handlers: RouteHandlers, invoker: Invoker, everywhere: Part): Part => {
  const paths: Record<string, Part> = {};
  for (const [operation, handler] of Object.entries(handlers) as [Operation, ServiceFunction][]) {
    const { method, path } = routes[operation];
    const others = paths[path] ?? { ...anyMethod(handler, invoker), ...everywhere };
    paths[path] = { ...others, [method.toLowerCase()]: operationOf(operation, handler, invoker) };
  }
  return paths;
};

/** Returns the path that serves every operation to pages; its function identifies the caller by the session. */
export const proxyPath = (handler: ServiceFunction, invoker: Invoker): Part => ({
  ...anyMethod(handler, invoker), // of a greedy path alone, the local AWS finds nothing
  ...Object.fromEntries(
    sessionProxy.methods.map((method) => [
      method.toLowerCase(),
      { ...withParameters(sessionProxy.path), ...integrationWith(handler, invoker) },
    ]),
  ),
});
