import { type Duration, Fn, Stack, Token } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { type Operation, type Policy, routes, sessionProxy } from '../lambda/contracts/routes';
import type { ServiceFunction } from './constructs/service-function';

/** Which function answers which route. */
export type RouteHandlers = Readonly<Partial<Record<Operation, ServiceFunction>>>;

/** The role that API Gateway invokes functions with. */
export type Invoker = Pick<IRole, 'roleArn'>;

/** A part of an OpenAPI document. */
export type Part = Readonly<Record<string, unknown>>;

/** Routes that API Gateway asks nobody about: they are the same for everybody, or find out by themselves who calls. */
const unasked: readonly Operation[] = [
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

/** Where API Gateway invokes a function. In one text: written a hundred times, a list of its parts would be long. */
const invocationArn = (handler: ServiceFunction): string => {
  const { partition, region } = Stack.of(handler);
  const pseudo = (name: string) => `\${AWS::${name}}`; // of CloudFormation
  const here = Token.isUnresolved(region) ? [pseudo('Partition'), pseudo('Region')] : [partition, region];
  const id = Stack.of(handler).getLogicalId(handler.node.defaultChild as CfnFunction);
  return Fn.sub(`arn:${here[0]}:apigateway:${here[1]}:lambda:path/2015-03-31/functions/\${${id}.Arn}/invocations`);
};

/** One authorizer of the API. Without an identity source there is nothing that could be the key of a cache. */
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
  if (unasked.includes(operation)) return undefined;
  return 'guest' in allow ? 'guest' : 'token';
};

const parametersOf = (path: string): readonly Part[] =>
  [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

const withParameters = (path: string): Part => {
  const parameters = parametersOf(path);
  return parameters.length === 0 ? {} : { parameters };
};

const handedTo = (handler: ServiceFunction, invoker: Invoker): Part => ({
  responses: {},
  'x-amazon-apigateway-integration': {
    type: 'aws_proxy',
    httpMethod: 'POST',
    uri: invocationArn(handler),
    credentials: invoker.roleArn,
  },
});

/** The route as API Gateway reads it: whom it asks who calls, and the function that it hands everything to. */
const operationOf = (operation: Operation, handler: ServiceFunction, invoker: Invoker): Part => {
  const policy: Policy = routes[operation];
  const scheme = schemeOf(operation, policy);
  return {
    operationId: operation,
    ...(scheme === undefined ? {} : { security: [{ [scheme]: [] }] }),
    ...withParameters(policy.path),
    ...handedTo(handler, invoker),
  };
};

/** Methods that a path does not have: without it, API Gateway would say that there is no such path. Nobody is asked. */
const anyMethod = (handler: ServiceFunction, invoker: Invoker): Part => ({
  'x-amazon-apigateway-any-method': handedTo(handler, invoker),
});

/** Every route of the policy table that has a function. `everywhere` is what each path answers besides. */
export const routePaths = (
  handlers: RouteHandlers,
  invoker: Invoker,
  everywhere: (parameters: readonly Part[]) => Part,
): Part => {
  const paths: Record<string, Part> = {};
  for (const [operation, handler] of Object.entries(handlers) as [Operation, ServiceFunction][]) {
    const { method, path } = routes[operation];
    const others = paths[path] ?? { ...anyMethod(handler, invoker), ...everywhere(parametersOf(path)) };
    paths[path] = { ...others, [method.toLowerCase()]: operationOf(operation, handler, invoker) };
  }
  return paths;
};

/** Every operation once more for pages: the function finds out by itself who calls. */
export const proxyPath = (handler: ServiceFunction, invoker: Invoker): Part => ({
  ...anyMethod(handler, invoker),
  ...Object.fromEntries(
    sessionProxy.methods.map((method) => [
      method.toLowerCase(),
      { ...withParameters(sessionProxy.path), ...handedTo(handler, invoker) },
    ]),
  ),
});
