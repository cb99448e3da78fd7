import { readConfig } from '../../lib/config';
import { referenced, synthesize } from './synthesize';

const onAws = synthesize('local');
const { ofType, functionOf, target, template } = onAws;
const only = (type: string) => {
  const [found, ...others] = ofType(type).map(({ properties }) => properties);
  expect(others).toEqual([]);
  return found ?? {};
};

describe('S2-30 the WebSocket API', () => {
  test('chooses routes by the action of a frame, and has the ID on a local AWS that its address is made of', () => {
    expect(only('ApiGatewayV2::Api')).toMatchObject({
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
      Tags: { 'ms-custom-id': 'orderlive', _custom_id_: 'orderlive' },
    });
  });

  test('has one function answer every handshake, frame and end', () => {
    const routes = ofType('ApiGatewayV2::Route').map(({ properties }) => properties);
    expect(routes.map(({ RouteKey }) => RouteKey).sort()).toEqual(['$connect', '$default', '$disconnect']);
    const { IntegrationType, IntegrationUri } = only('ApiGatewayV2::Integration');
    expect([IntegrationType, functionOf(IntegrationUri['Fn::Join'][1][1])]).toEqual([
      'AWS_PROXY',
      'live/serve-connections',
    ]);
  });

  test('P14 throttles, and logs neither addresses nor the query, which may hold a token', () => {
    const [stage] = synthesize('prod').ofType('ApiGatewayV2::Stage');
    const { DefaultRouteSettings, AccessLogSettings, AutoDeploy, StageName } = stage?.properties ?? {};
    expect([StageName, AutoDeploy]).toEqual(['prod', true]);
    expect(DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 });
    expect(Object.values(JSON.parse(AccessLogSettings.Format))).toEqual([
      '$context.requestTime',
      '$context.eventType',
      '$context.routeKey',
      '$context.status',
      '$context.connectionId',
      '$context.requestId',
      '$context.error.messageString',
    ]);
  });

  test('is logged where its functions log', () => {
    const prod = synthesize('prod');
    const [stage] = prod.ofType('ApiGatewayV2::Stage').map(({ properties }) => properties);
    const serve = prod.functions.find((one) => one.label === 'live/serve-connections')?.resource.properties;
    expect(stage?.AccessLogSettings.DestinationArn).toEqual({
      'Fn::GetAtt': [serve?.LoggingConfig.LogGroup.Ref, 'Arn'],
    });
  });

  test('begins to log once the account lets API Gateway do so', () => {
    const prod = synthesize('prod');
    const [account] = prod.ofType('ApiGateway::Account').map(({ id }) => id);
    const [stage] = prod.ofType('ApiGatewayV2::Stage').map(({ whole }) => whole);
    expect(stage?.DependsOn).toContain(account);
  });

  test('P20 is named to the functions that post frames to it, with its stage', () => {
    for (const label of ['live/push-events', 'live/serve-connections']) {
      const posts = onAws.functions.find((one) => one.label === label)?.resource.properties;
      const { API_ID, API_STAGE } = posts?.Environment.Variables ?? {};
      expect([onAws.byId(referenced(API_ID)).type, API_STAGE]).toEqual(['AWS::ApiGatewayV2::Api', 'local']);
    }
  });

  test('its address is reported after a deployment', () => {
    const [output] = [template.Outputs?.LiveUrl];
    expect(referenced(output?.Value)).toMatch(/^wss:\/\/LiveApi\w+\.execute-api\.us-east-1\./);
  });
});

describe('S2-30 -c live=off', () => {
  const off = synthesize('local', { live: 'off' });

  test('leaves out all of it, and says what there is instead', () => {
    expect(off.all.filter(({ type }) => type.startsWith('AWS::ApiGatewayV2::'))).toEqual([]);
    expect(off.functions.filter(({ label }) => label.startsWith('live/'))).toEqual([]);
    expect(off.template.Outputs).not.toHaveProperty('LiveUrl');
    expect(off.notes.filter((note) => note.includes('live=off'))).toEqual([
      'live=off: there is no WebSocket API. Clients can poll GET /orders/{orderId}?waitForVersion=N instead.',
    ]);
  });

  test.each(['no', 'true', false, ''])('nothing but on and off is understood: %p', (live) => {
    expect(() => readConfig({ stage: 'local', live })).toThrow(`-c live=${live}: must be on or off`);
  });
});

test('S2-30 pushes wait for each other no longer than other events do', () => {
  const mapping = ofType('Lambda::EventSourceMapping').find(
    ({ properties }) => functionOf(properties.FunctionName) === 'live/push-events',
  );
  expect(target(mapping?.properties.EventSourceArn)).toBe('live-queue');
  expect(mapping?.properties.MaximumBatchingWindowInSeconds).toBeUndefined();
});
