import type { APIGatewayProxyEvent } from 'aws-lambda';
import { routes } from '../../lambda/contracts/routes';
import { authorizerContext, guest } from '../../lambda/kernel/caller';
import { edgeEnv } from '../../lambda/kernel/edge';
import { serve } from '../../lambda/kernel/http';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { readConfig } from '../../lib/config';
import { originsVariable } from '../../lib/cors';
import { synthesize } from './synthesize';

type Api = ReturnType<typeof synthesize>;

const preflights = ({ ofType }: Api) =>
  ofType('ApiGateway::Method').filter(({ properties }) => properties.HttpMethod === 'OPTIONS');

const gatewayHeaders = ({ ofType }: Api, name: string) =>
  ofType('ApiGateway::GatewayResponse').map(
    ({ properties }) => properties.ResponseParameters[`gatewayresponse.header.${name}`],
  );

/** The functions that answer routes, with what they know of origins. */
const serving = ({ ofType, functions }: Api) => {
  const uris = JSON.stringify(ofType('ApiGateway::Method').map(({ properties }) => properties.Integration.Uri));
  const found = functions.filter(({ resource }) => uris.includes(`"${resource.id}"`));
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
    const paths = api.ofType('ApiGateway::Resource').map(({ id }) => id);
    const answering = preflights(api).map(({ properties }) => properties.ResourceId.Ref);
    expect(answering).toEqual(expect.arrayContaining(paths));
    for (const { properties } of preflights(api))
      expect(properties).toMatchObject({ AuthorizationType: 'NONE', Integration: { Type: 'MOCK' } });
  });

  test('a preflight allows what the operations take, and nothing with cookies', () => {
    const [{ properties } = { properties: {} as Record<string, never> }] = preflights(api);
    const [{ ResponseParameters, ResponseTemplates }] = properties.Integration.IntegrationResponses;
    expect(ResponseParameters).toEqual({
      'method.response.header.Access-Control-Allow-Headers':
        "'Accept-Language,Authorization,Content-Type,Idempotency-Key,If-Match,If-None-Match,Prefer,X-Correlation-Id,X-Storefront-Key,X-Tracking-Token'",
      'method.response.header.Access-Control-Allow-Methods': "'GET,POST,PUT,PATCH,DELETE'",
      'method.response.header.Access-Control-Allow-Origin': "'https://shop.example.com'",
      'method.response.header.Access-Control-Max-Age': "'3600'",
      'method.response.header.Vary': "'Origin'",
    });
    expect(JSON.stringify(ResponseTemplates)).toContain('http://localhost:5173');
  });

  test('API Gateway tells its own refusals to pages, too', () => {
    expect(new Set(gatewayHeaders(api, 'Access-Control-Allow-Origin'))).toEqual(new Set(["'*'"]));
    expect(new Set(gatewayHeaders(api, 'Vary'))).toEqual(new Set(["'Origin'"]));
  });

  test('every function that answers a route knows the origins', () => {
    const known = serving(api);
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
    const origins = edgeEnv.parse({ CORS_ORIGINS, RATE_LIMITS_TABLE: 'rate-limits' }).CORS_ORIGINS;
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
