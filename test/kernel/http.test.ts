import type { APIGatewayProxyEvent } from 'aws-lambda';
import { routes } from '../../lambda/contracts/api/routes';
import { serve } from '../../lambda/kernel/http/serve';
import { apiEvent } from '../support/http';

const paths = [...new Set(Object.values(routes).map(({ path }) => path))];
const methodsOf = (path: string): string[] =>
  Object.values(routes).flatMap((route) => (route.path === path ? [route.method] : []));
const undeclared = paths.flatMap((path) =>
  ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY']
    .filter((method) => !methodsOf(path).includes(method))
    .map((method) => [method, path] as const),
);

const asked: string[] = [];
const handler = serve(
  routes,
  {},
  { callerOf: async ({ correlationId }) => Promise.reject(new Error(`asked who calls ${asked.push(correlationId)}`)) },
);
const eventOf = (httpMethod: string, resource: string) =>
  ({ ...apiEvent({}), httpMethod, resource }) as unknown as APIGatewayProxyEvent;

test.each(undeclared)(
  'F-29 %s %s is answered 405 with the methods that there are, and nobody is asked who calls',
  async (method, path) => {
    const { statusCode, headers, body } = await handler(eventOf(method, path));
    expect([statusCode, headers?.allow, JSON.parse(body).title]).toEqual([
      405,
      methodsOf(path).join(', '),
      'MethodNotAllowed',
    ]);
    expect(JSON.parse(body).detail).toBe(`This path accepts ${methodsOf(path).join(', ')}, not ${method}.`);
    expect(asked).toEqual([]);
  },
);

test('F-29 a path that no policy knows, and a method of another function, are faults of ours', async () => {
  const answers = await Promise.all([handler(eventOf('GET', '/nowhere')), handler(eventOf('POST', '/orders'))]);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([500, 500]);
});
