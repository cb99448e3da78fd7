import type { APIGatewayProxyEvent } from 'aws-lambda';
import { routes } from '../../lambda/contracts/api/routes';
import { authorizerContext, guest } from '../../lambda/kernel/http/caller';
import { middlewareEnv } from '../../lambda/kernel/http/middleware';
import { serve } from '../../lambda/kernel/http/serve';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { readConfig } from '../../lib/config';
import { originsVariable } from '../../lib/constructs/request-middleware';
import { bodyOf, gatewayAnswersIn, integrationOf, operationsIn } from './api-body';
import { synthesize } from './synthesize';

type Api = ReturnType<typeof synthesize>;

const preflights = (api: Api) => operationsIn(bodyOf(api)).filter(({ route }) => route.startsWith('OPTIONS '));

const gatewayHeaders = (api: Api, name: string) =>
  Object.values(gatewayAnswersIn(bodyOf(api))).map(
    ({ responseParameters }) => responseParameters[`gatewayresponse.header.${name}`],
  );

/** The functions that answer routes, with what they know of origins. */
const serving = (api: Api) => {
  const uris = JSON.stringify(operationsIn(bodyOf(api)).map(({ operation }) => integrationOf(operation).uri));
  const found = api.functions.filter(({ resource }) => uris.includes(`\${${resource.id}.Arn}`));
  return Object.fromEntries(
    found.map(({ label, resource }) => [label, resource.properties.Environment.Variables.CORS_ORIGINS]),
  );
};

const variables = ({ ofType }: Api) =>
  ofType('Lambda::Function').flatMap(({ properties }) => properties.Environment.Variables.CORS_ORIGINS ?? []);

describe('without corsOrigins', () => {
  const api = synthesize('local');

  test('no page of another origin may call: no preflight, no header', () => {
    expect(preflights(api)).toEqual([]);
    expect(new Set(gatewayHeaders(api, 'Access-Control-Allow-Origin'))).toEqual(new Set([undefined]));
  });

  test('the functions know that no origin may', () => expect(new Set(variables(api))).toEqual(new Set(['none'])));
});

describe('with two corsOrigins', () => {
  const api = synthesize('dev', { corsOrigins: 'https://shop.example.com,http://localhost:5173' });

  test('every path of the API answers a preflight, and API Gateway does so by itself', () => {
    const paths = Object.values(routes).map(({ path }) => path);
    expect(
      preflights(api)
        .map(({ path }) => path)
        .sort(),
    ).toEqual([...new Set(paths)].sort());
    for (const { operation } of preflights(api)) {
      expect(operation.security).toBeUndefined();
      expect(integrationOf(operation)).toMatchObject({
        type: 'mock',
        requestTemplates: { 'application/json': '{ statusCode: 200 }' },
      });
    }
  });

  test('a preflight allows what the operations take, and nothing with cookies', () => {
    const [{ operation } = { operation: {} as Record<string, never> }] = preflights(api);
    const { statusCode, responseParameters, responseTemplates } = integrationOf(operation).responses.default;
    expect(statusCode).toBe('204');
    expect(responseParameters).toEqual({
      'method.response.header.Access-Control-Allow-Headers':
        "'Accept-Language,Authorization,Content-Type,Idempotency-Key,If-Match,If-None-Match,Prefer,X-Correlation-Id,X-Storefront-Key,X-Tracking-Token'",
      'method.response.header.Access-Control-Allow-Methods': "'GET,POST,PUT,PATCH,DELETE'",
      'method.response.header.Access-Control-Allow-Origin': "'https://shop.example.com'",
      'method.response.header.Access-Control-Max-Age': "'3600'",
      'method.response.header.Vary': "'Origin'",
    });
    expect(Object.keys(operation.responses['204'].headers).map((name) => `method.response.header.${name}`)).toEqual(
      Object.keys(responseParameters), // API Gateway sends no header that the method does not declare
    );
    expect(responseTemplates['application/json']).toBe(
      [
        '#set($origin = $input.params().header.get("Origin"))',
        '#if($origin == "")',
        '  #set($origin = $input.params().header.get("origin"))',
        '#end',
        '#if($origin == "http://localhost:5173")',
        '  #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)',
        '#end',
      ].join('\n'),
    );
  });

  test('pages may read the refusals of API Gateway itself, too', () => {
    expect(new Set(gatewayHeaders(api, 'Access-Control-Allow-Origin'))).toEqual(new Set(["'*'"]));
    expect(new Set(gatewayHeaders(api, 'Vary'))).toEqual(new Set(["'Origin'"]));
  });

  test('every function that answers a page knows the origins; the one that providers call needs none', () => {
    const { 'payment/receive-webhooks': providers, ...known } = serving(api);
    expect(providers).toBeUndefined();
    expect(Object.keys(known)).toContain('order/place-order');
    expect(known).toEqual(
      Object.fromEntries(Object.keys(known).map((label) => [label, 'https://shop.example.com http://localhost:5173'])),
    );
  });
});

test('a single origin is the only one that API Gateway names', () => {
  const api = synthesize('dev', { corsOrigins: 'https://shop.example.com' });
  expect(new Set(gatewayHeaders(api, 'Access-Control-Allow-Origin'))).toEqual(new Set(["'https://shop.example.com'"]));
});

test.each(['https://shop.example.com/', 'shop.example.com', 'https://a.example.com, https://b.example.com', ''])(
  'corsOrigins=%p is refused with what it should look like',
  (corsOrigins) => {
    expect(() => readConfig({ stage: 'dev', corsOrigins })).toThrow(
      'must be an origin such as https://shop.example.com, or *',
    );
  },
);

describe('an answer', () => {
  const ask = async (corsOrigins: string | undefined, origin?: string) => {
    const CORS_ORIGINS = originsVariable(readConfig({ stage: 'dev', corsOrigins }));
    const origins = middlewareEnv.parse({ CORS_ORIGINS, RATE_LIMITS_TABLE: 'rate-limits' }).CORS_ORIGINS;
    const handler = serve(routes, { health: async () => ({ status: 200, body: {} }) }, { origins });
    const event = {
      httpMethod: 'GET',
      resource: '/health',
      headers: origin === undefined ? {} : { Origin: origin },
      requestContext: { requestId: 'request-1', authorizer: authorizerContext(guest(defaultTenant)) },
    } as unknown as APIGatewayProxyEvent;
    const { headers = {} } = await handler(event);
    return [headers['access-control-allow-origin'], headers.vary];
  };
  const shop = 'https://shop.example.com';

  test.each([
    ['no origin is known', undefined, shop, [undefined, undefined]],
    [
      'the origin is known',
      `${shop},http://localhost:5173`,
      'http://localhost:5173',
      ['http://localhost:5173', 'origin'],
    ],
    ['the origin is another', shop, 'https://evil.example.com', [undefined, 'origin']],
    ['the origin only begins like a known one', shop, `${shop}.evil.com`, [undefined, 'origin']],
    ['the origin is null', shop, 'null', [undefined, 'origin']],
    ['no page asks', shop, undefined, [undefined, 'origin']],
    ['every origin may', '*', 'https://any.example.com', ['https://any.example.com', 'origin']],
  ])('when %s', async (_when, origins, origin, headers) => expect(await ask(origins, origin)).toEqual(headers));
});
