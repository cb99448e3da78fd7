import type { synthesize } from './synthesize';

type Stack = ReturnType<typeof synthesize>;
type Body = Stack['all'][number]['properties'];

/** What a path answers to methods that it does not have. */
export const anyMethod = 'x-amazon-apigateway-any-method';

const methods = ['get', 'post', 'put', 'patch', 'delete', 'options'];

/** The definition that API Gateway makes the API of. */
export const bodyOf = ({ ofType }: Pick<Stack, 'ofType'>): Body => ofType('ApiGateway::RestApi')[0]?.properties.Body;

/** The routes of a definition, the preflights too: `POST /orders` with what API Gateway does there. */
export const operationsIn = (body: Body): { route: string; path: string; operation: Body }[] =>
  Object.entries<Body>(body.paths).flatMap(([path, item]) =>
    Object.entries<Body>(item).flatMap(([method, operation]) => {
      if (method === anyMethod) return [];
      if (!methods.includes(method)) throw new Error(`no method: ${method}`);
      return [{ route: `${method.toUpperCase()} ${path}`, path, operation }];
    }),
  );

export const integrationOf = (operation: Body): Body => operation['x-amazon-apigateway-integration'];

/** What API Gateway answers by itself, by its type. */
export const gatewayAnswersIn = (body: Body): Record<string, Body> => body['x-amazon-apigateway-gateway-responses'];
