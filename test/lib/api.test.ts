import { Problem } from '../../lambda/contracts/api/problem';
import { routes as policies, sessionProxy } from '../../lambda/contracts/api/routes';
import { anyMethod, bodyOf, gatewayAnswersIn, integrationOf, operationsIn } from './api-body';
import { referenced, synthesize } from './synthesize';

const { ofType, functionOf } = synthesize('local');
const body = bodyOf({ ofType });

/** The function that an address of API Gateway invokes. */
const handlersAt = (uri: { 'Fn::Sub': string } | undefined): string[] => {
  const [, id] = /\/functions\/\$\{(\w+)\.Arn\}\/invocations$/.exec(uri?.['Fn::Sub'] ?? '') ?? [];
  return id === undefined ? [] : [functionOf({ Ref: id } as never)];
};

const routes = operationsIn(body).map(({ route, operation }) => ({
  route,
  operation,
  integration: integrationOf(operation),
}));

/** Which service answers which part of the API. */
const services: Readonly<Record<string, string>> = {
  orders: 'order/serve-orders',
  order: 'order/place-order',
  health: 'order/health',
  inventory: 'inventory/serve-stock',
  products: 'catalog/serve-catalog',
  categories: 'catalog/serve-catalog',
  returns: 'return/serve-returns',
  payments: 'payment/serve-payments',
  account: 'payment/serve-payments',
  accounts: 'payment/serve-payments',
  webhooks: 'payment/receive-webhooks',
  alerts: 'alert/serve-alerts',
  tenants: 'identity/serve-tenants',
  users: 'identity/serve-users',
  auth: 'identity/serve-sign-in',
  session: 'identity/serve-session',
  api: 'identity/serve-session',
  privacy: 'privacy/serve-privacy',
  docs: 'manual/serve-manual',
  'openapi.json': 'manual/serve-manual',
};

/** Routes that the rest of their part does not answer. */
const apart: Readonly<Record<string, string>> = {
  'POST /orders': 'order/place-order',
  'GET /orders/{orderId}': 'order/get-order',
  'GET /orders/{orderId}/payment': 'payment/serve-payments',
  'POST /orders/{orderId}/returns': 'return/serve-returns',
};

test('F-29 every path hands methods that it does not have to a function that knows the path, and asks nobody who calls', () => {
  const answering = Object.entries<Record<string, Parameters<typeof integrationOf>[0]>>(body.paths).map(
    ([path, item]) => {
      const any = item[anyMethod] ?? {};
      const own = Object.entries(item).filter(([method]) => method !== anyMethod);
      const functions = own.flatMap(([, operation]) => handlersAt(integrationOf(operation).uri));
      const [handler = 'nobody'] = handlersAt(integrationOf(any)?.uri);
      return { path, knows: functions.includes(handler), asks: any.security !== undefined };
    },
  );
  expect(answering.length).toBeGreaterThan(40);
  expect(answering.filter(({ knows, asks }) => !knows || asks)).toEqual([]);
});

test('S0-01 S0-02 S1-03 S1-35 P16 the local API has the routes of the policy table and no other, those of auth, product, stock and order each with its function', () => {
  const proxies = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => `${method} /api/{proxy+}`);
  const known = [...Object.values(policies).map(({ method, path }) => `${method} ${path}`), ...proxies];
  expect(routes.map(({ route }) => route).sort()).toEqual(known.sort());
  for (const { route, integration } of routes) {
    const [, part = ''] = route.split('/');
    expect([route, handlersAt(integration.uri)]).toEqual([route, [apart[route] ?? services[part]]]);
  }
});

test('P16 every route is handed to its function as it came: no mock, no second backend', () => {
  for (const { integration } of routes)
    expect(integration).toEqual({
      type: 'aws_proxy',
      httpMethod: 'POST',
      uri: expect.anything(),
      credentials: { 'Fn::GetAtt': [expect.stringMatching(/^ApiInvoker/), 'Arn'] },
    });
});

test('F-20 files of spreadsheets are handed over byte by byte', () => {
  expect(body['x-amazon-apigateway-binary-media-types']).toEqual(['text/csv']);
  const [api] = ofType('ApiGateway::RestApi');
  expect(api?.properties.BinaryMediaTypes).toEqual(['text/csv']);
});

test('P16 every route asks the authorizer that its policy needs', () => {
  const open = [
    'POST /orders',
    'POST /webhooks/stripe',
    'POST /webhooks/paypay',
    'GET /health',
    'GET /openapi.json',
    'GET /docs',
    'GET /docs/{file}',
    'GET /session',
    'DELETE /session',
    ...sessionProxy.methods.map((method) => `${method} /api/{proxy+}`),
  ];
  for (const { route, operation } of routes) {
    const policy = Object.values(policies).find(({ method, path }) => route === `${method} ${path}`);
    const scheme = 'guest' in (policy?.allow ?? {}) ? 'guest' : 'token';
    expect([route, operation.security]).toEqual([route, open.includes(route) ? undefined : [{ [scheme]: [] }]]);
  }
});

describe('the authorizers', () => {
  const schemes = body.components.securitySchemes;
  const authorizer = (name: string) => schemes[name]['x-amazon-apigateway-authorizer'];

  test('ask the one function that knows who calls', () => {
    expect(Object.keys(schemes)).toEqual(['token', 'guest']);
    for (const name of ['token', 'guest']) {
      expect(schemes[name]).toMatchObject({ type: 'apiKey', in: 'header', 'x-amazon-apigateway-authtype': 'custom' });
      expect(authorizer(name).type).toBe('request');
      expect(handlersAt(authorizer(name).authorizerUri)).toEqual(['identity/authorize']);
    }
  });

  test('keep what they said of a token for 30 seconds, and nothing of guests, who send nothing to know them by', () => {
    expect(authorizer('token')).toMatchObject({
      identitySource: 'method.request.header.Authorization',
      authorizerResultTtlInSeconds: 30,
    });
    expect(authorizer('guest').authorizerResultTtlInSeconds).toBe(0);
    expect(authorizer('guest').identitySource).toBeUndefined();
  });
});

test('the names in paths are parameters, as OpenAPI wants it', () => {
  const names = (route: string) =>
    (routes.find((one) => one.route === route)?.operation.parameters ?? []).map(({ name }: { name: string }) => name);
  expect(names('GET /orders')).toEqual([]);
  expect(names('DELETE /products/{productId}/images/{imageId}')).toEqual(['productId', 'imageId']);
});

test('S2-29 the functions of all operations fit into the variables of the one that pages ask', () => {
  const serve = synthesize('prod').functions.find(({ label }) => label === 'identity/serve-session');
  const { ROUTE_FUNCTIONS, ...others } = serve?.resource.properties.Environment.Variables ?? {};
  const names = ROUTE_FUNCTIONS['Fn::Join'][1].map((part: unknown) =>
    typeof part === 'string' ? part : 'x'.repeat(64),
  );
  expect(Object.keys(others).length).toBeLessThan(20);
  expect(names.join('').length).toBeLessThan(2500); // of 4,096 bytes for all variables
});

test('what API Gateway serves changes with the definition: another one is deployed anew', () => {
  const deployed = (more: object) => synthesize('dev', more).ofType('ApiGateway::Deployment')[0]?.id;
  const usual = deployed({});
  expect(usual).toMatch(/^ApiDeployment\w+$/);
  expect(deployed({})).toBe(usual);
  expect(deployed({ corsOrigins: 'https://shop.example.com' })).not.toBe(usual);
});

test('the whole API is one resource, however many routes it has', () => {
  const most = synthesize('prod', { corsOrigins: 'https://shop.example.com' });
  for (const type of ['Resource', 'Method', 'Authorizer', 'GatewayResponse'])
    expect([type, most.ofType(`ApiGateway::${type}`).length]).toEqual([type, 0]);
});

test('both local AWSes give the API the ID that the README names', () => {
  const [api] = ofType('ApiGateway::RestApi');
  expect(api?.properties.Tags).toEqual([
    { Key: '_custom_id_', Value: 'ordersystem' },
    { Key: 'ms-custom-id', Value: 'ordersystem' },
  ]);
  expect(api?.properties.EndpointConfiguration.Types).toEqual(['REGIONAL']);
});

test('the stage on a local AWS keeps no logs of API Gateway itself', () => {
  const stage = ofType('ApiGateway::Stage')[0]?.properties ?? {};
  expect(stage).toMatchObject({ StageName: 'local', TracingEnabled: true });
  expect(stage.AccessLogSetting).toBeUndefined();
  expect(ofType('ApiGateway::Account')).toEqual([]);
});

describe('the stage on AWS', () => {
  const { ofType, byId } = synthesize('prod');
  const stage = ofType('ApiGateway::Stage')[0]?.properties ?? {};
  const group = (value: unknown) => byId(referenced(value as string)).properties;

  test('A5 writes its logs by a role that outlives the stage, since it is the account’s', () => {
    const roles = ofType('IAM::Role').filter(({ properties }) => properties.ManagedPolicyArns !== undefined);
    for (const { whole } of [...roles, ...ofType('ApiGateway::Account')])
      expect([whole.DeletionPolicy, whole.UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
    expect(roles).toHaveLength(1);
  });

  test('is traced, throttled, and keeps no body in any log', () => {
    expect(stage).toMatchObject({ StageName: 'prod', TracingEnabled: true });
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
    expect(group(referenced(DestinationArn).split(':').at(-1)).RetentionInDays).toBe(365);
  });

  test('starts after the log of what API Gateway itself does, so that its retention counts', () => {
    const [logs] = ofType('Logs::LogGroup').filter(({ properties }) => properties.LogGroupName !== undefined);
    expect(referenced(logs?.properties.LogGroupName)).toMatch(/^API-Gateway-Execution-Logs_Api\w+\/prod$/);
    expect(ofType('ApiGateway::Stage')[0]?.whole.DependsOn).toContain(logs?.id);
  });
});

describe('what API Gateway answers by itself', () => {
  const answers = gatewayAnswersIn(body);

  test('has the status of what happened, and a default for the rest', () => {
    expect(Object.fromEntries(Object.entries(answers).map(([type, { statusCode }]) => [type, statusCode]))).toEqual({
      UNAUTHORIZED: '401',
      ACCESS_DENIED: '401',
      MISSING_AUTHENTICATION_TOKEN: '404',
      REQUEST_TOO_LARGE: '413',
      UNSUPPORTED_MEDIA_TYPE: '415',
      THROTTLED: '429',
      INTEGRATION_TIMEOUT: '504',
      DEFAULT_4XX: '403',
      DEFAULT_5XX: '500',
    });
  });

  test.each(Object.entries(answers))('P15 %s is problem+json as the contract says', (_, answer) => {
    const problem = JSON.parse(answer.responseTemplates['application/json']);
    expect(Problem.parse(problem)).toEqual(problem);
    expect(problem).toMatchObject({
      type: `urn:problem:${problem.title}`,
      status: Number(answer.statusCode),
      correlationId: '$context.requestId',
    });
    expect(answer.responseParameters).toMatchObject({
      'gatewayresponse.header.Content-Type': "'application/problem+json'",
      'gatewayresponse.header.Cache-Control': "'no-store'",
    });
  });

  test('a throttled caller learns when to come back', () => {
    expect(answers.THROTTLED?.responseParameters).toMatchObject({ 'gatewayresponse.header.Retry-After': "'1'" });
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
