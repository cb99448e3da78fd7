import { Problem } from '../../lambda/contracts/problem';
import { routes as policies } from '../../lambda/contracts/routes';
import { referenced, synthesize } from './synthesize';

const { ofType, byId, functionOf } = synthesize('local');

const pathOf = (resourceId: unknown): string => {
  const id = referenced(resourceId as string);
  const found = ofType('ApiGateway::Resource').find((resource) => resource.id === id);
  return found === undefined ? '' : `${pathOf(found.properties.ParentId)}/${found.properties.PathPart}`;
};

const routes = ofType('ApiGateway::Method').map(({ properties }) => {
  const [, uri = []] = properties.Integration.Uri?.['Fn::Join'] ?? [];
  return {
    route: `${properties.HttpMethod} ${pathOf(properties.ResourceId)}`,
    handlers: uri.map(functionOf).filter((label: string) => /^\w+\//.test(label)),
    properties,
  };
});

/** Which service answers which part of the API. */
const services: Readonly<Record<string, string>> = {
  orders: 'order/serve-orders',
  order: 'order/place-order',
  health: 'order/health',
  inventory: 'inventory/serve-stock',
  products: 'catalog/serve-catalog',
  categories: 'catalog/serve-catalog',
  returns: 'return/serve-returns',
  tenants: 'identity/serve-tenants',
  users: 'identity/serve-users',
  auth: 'identity/serve-sign-in',
  docs: 'manual/serve-manual',
  'openapi.json': 'manual/serve-manual',
};

/** Routes that the rest of their part does not answer. */
const apart: Readonly<Record<string, string>> = {
  'POST /orders': 'order/place-order',
  'GET /orders/{orderId}': 'order/get-order',
  'POST /orders/{orderId}/returns': 'return/serve-returns',
};

test('S0-01 S0-02 S1-03 S1-35 P16 the routes of the policy table are all routes there are, each with its function', () => {
  const known = Object.values(policies).map(({ method, path }) => `${method} ${path}`);
  expect(routes.map(({ route }) => route).sort()).toEqual(known.sort());
  for (const { route, handlers } of routes) {
    const [, part = ''] = route.split('/');
    expect([route, handlers]).toEqual([route, [apart[route] ?? services[part]]]);
  }
});

test('P16 every route is handed to its function as it came: no mock, no second backend', () => {
  for (const { properties } of routes)
    expect(properties.Integration).toMatchObject({ Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST' });
});

test('P16 every route asks the authorizer that its policy needs; those for guests have no answer to keep', () => {
  const authorizers = ofType('ApiGateway::Authorizer').map(({ id, properties }) => ({
    id,
    ttl: properties.AuthorizerResultTtlInSeconds as unknown,
  }));
  const ttlOf = (id: unknown) => authorizers.find((authorizer) => authorizer.id === referenced(id as string))?.ttl;
  for (const { route, properties } of routes) {
    const open = ['POST /orders', 'GET /health', 'GET /openapi.json', 'GET /docs', 'GET /docs/{file}'].includes(route);
    const policy = Object.values(policies).find(({ method, path }) => route === `${method} ${path}`);
    const expected = open ? ['NONE', undefined] : ['CUSTOM', 'guest' in (policy?.allow ?? {}) ? 0 : 30];
    const ttl = properties.AuthorizerId === undefined ? undefined : ttlOf(properties.AuthorizerId);
    expect([route, properties.AuthorizationType, ttl]).toEqual([route, ...expected]);
  }
});

test('the stack stays below the 500 resources of CloudFormation with everything turned on', () => {
  const most = synthesize('prod', { corsOrigins: 'https://shop.example.com' });
  expect(most.all.length).toBeLessThan(500);
});

test('both local AWSes give the API the ID that the README names', () => {
  const [api] = ofType('ApiGateway::RestApi');
  expect(api?.properties.Tags).toEqual([
    { Key: '_custom_id_', Value: 'ordersystem' },
    { Key: 'ms-custom-id', Value: 'ordersystem' },
  ]);
  expect(api?.properties.EndpointConfiguration.Types).toEqual(['REGIONAL']);
});

describe('the stage', () => {
  const stage = ofType('ApiGateway::Stage')[0]?.properties ?? {};
  const group = (value: unknown) => byId(referenced(value as string)).properties;

  test('is traced, throttled, and keeps no body in any log', () => {
    expect(stage).toMatchObject({ StageName: 'local', TracingEnabled: true });
    expect(stage.MethodSettings).toEqual([
      {
        HttpMethod: '*',
        ResourcePath: '/*',
        LoggingLevel: 'ERROR',
        DataTraceEnabled: false,
        ThrottlingBurstLimit: 2000,
        ThrottlingRateLimit: 1000,
      },
    ]);
  });

  test('P14 its access log names no caller and no address', () => {
    const { Format, DestinationArn } = stage.AccessLogSetting;
    expect(Object.keys(JSON.parse(Format)).sort()).toEqual([
      'httpMethod',
      'protocol',
      'requestId',
      'requestTime',
      'resourcePath',
      'responseLength',
      'status',
    ]);
    expect(group(referenced(DestinationArn).split(':').at(-1)).RetentionInDays).toBe(7);
  });

  test('starts after the log of what API Gateway itself does, so that its retention counts', () => {
    const [logs] = ofType('Logs::LogGroup').filter(({ properties }) => properties.LogGroupName !== undefined);
    expect(referenced(logs?.properties.LogGroupName)).toMatch(/^API-Gateway-Execution-Logs_Api\w+\/local$/);
    expect(ofType('ApiGateway::Stage')[0]?.whole.DependsOn).toContain(logs?.id);
  });
});

describe('what API Gateway answers by itself', () => {
  const answers = ofType('ApiGateway::GatewayResponse').map(({ properties }) => properties);

  test('has the status of what happened, and a default for the rest', () => {
    expect(Object.fromEntries(answers.map(({ ResponseType, StatusCode }) => [ResponseType, StatusCode]))).toEqual({
      UNAUTHORIZED: '401',
      ACCESS_DENIED: '401',
      AUTHORIZER_FAILURE: '500',
      AUTHORIZER_CONFIGURATION_ERROR: '500',
      MISSING_AUTHENTICATION_TOKEN: '404',
      REQUEST_TOO_LARGE: '413',
      UNSUPPORTED_MEDIA_TYPE: '415',
      THROTTLED: '429',
      INTEGRATION_TIMEOUT: '504',
      DEFAULT_4XX: '403',
      DEFAULT_5XX: '500',
    });
  });

  test.each(answers.map((answer) => [answer.ResponseType, answer]))(
    'P15 %s is problem+json as the contract says',
    (_, answer) => {
      const problem = JSON.parse(answer.ResponseTemplates['application/json']);
      expect(Problem.parse(problem)).toEqual(problem);
      expect(problem).toMatchObject({
        type: `urn:problem:${problem.title}`,
        status: Number(answer.StatusCode),
        correlationId: '$context.requestId',
      });
      expect(answer.ResponseParameters).toMatchObject({
        'gatewayresponse.header.Content-Type': "'application/problem+json'",
        'gatewayresponse.header.Cache-Control': "'no-store'",
      });
    },
  );

  test('a throttled caller learns when to come back', () => {
    const throttled = answers.find(({ ResponseType }) => ResponseType === 'THROTTLED');
    expect(throttled?.ResponseParameters).toMatchObject({ 'gatewayresponse.header.Retry-After': "'1'" });
  });
});

describe('the firewall', () => {
  test('stands before the API of the stages on AWS, not on a local AWS, which has none', () => {
    const count = (stage: 'local' | 'dev' | 'prod') => synthesize(stage).ofType('WAFv2::WebACLAssociation').length;
    expect([count('local'), count('dev'), count('prod')]).toEqual([0, 1, 1]);
  });

  test('blocks floods and known attacks, but not orders of 50 lines or plain clients', () => {
    const [acl] = synthesize('prod').ofType('WAFv2::WebACL');
    const rules = acl?.properties.Rules;
    expect(rules.map(({ Name }: { Name: string }) => Name)).toEqual([
      'Flood',
      'AWSManagedRulesAmazonIpReputationList',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesCommonRuleSet',
    ]);
    const { RuleActionOverrides } = rules[3].Statement.ManagedRuleGroupStatement;
    expect(RuleActionOverrides).toEqual([
      { Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } },
      { Name: 'NoUserAgent_HEADER', ActionToUse: { Count: {} } },
    ]);
  });
});
