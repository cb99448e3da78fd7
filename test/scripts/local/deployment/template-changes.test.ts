import { changedApis, lossesOf, Template, withoutApis } from '../../../../scripts/local/deployment/template-changes';

const api = (paths: object) => ({ Type: 'AWS::ApiGateway::RestApi', Properties: { Body: { paths } } });
const table = (KeySchema: string, more = {}) => ({
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: { TableName: 'orders', KeySchema, ...more },
});
const template = (Resources: object) => Template.parse({ Resources });

const deployed = template({
  Api: api({ '/orders': {} }),
  Deployment: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: { Ref: 'Api' } } },
  Stage: {
    Type: 'AWS::ApiGateway::Stage',
    Properties: { RestApiId: { Ref: 'Api' }, DeploymentId: { Ref: 'Deployment' } },
  },
  Permission: {
    Type: 'AWS::Lambda::Permission',
    DependsOn: ['Stage', 'Table'],
    Properties: { SourceArn: { 'Fn::Join': ['/', ['arn', { Ref: 'Api' }, { Ref: 'Stage' }]] } },
  },
  Log: {
    Type: 'AWS::Logs::LogGroup',
    DependsOn: 'Stage',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template's own placeholders
    Properties: { LogGroupName: { 'Fn::Sub': 'Logs_${Api}/${Stage}_${AWS::Region}' } },
  },
  Account: { Type: 'AWS::ApiGateway::Account', Properties: {} },
  Table: table('orderId'),
});
const idOf = (id: string) => ({ Api: 'ordersystem', Stage: 'local', Deployment: 'd1' })[id] ?? '';

describe('an API whose routes have changed', () => {
  test('is found by its definition, and a new one is none', () => {
    const next = template({ Api: api({ '/orders': {}, '/carts': {} }), Other: api({}) });
    expect(changedApis(deployed, next)).toEqual(['Api']);
    expect(changedApis(deployed, deployed)).toEqual([]);
  });

  test('leaves a template with its stage and deployment, and what is left names its IDs', () => {
    expect(withoutApis(deployed, ['Api'], idOf).Resources).toEqual({
      Permission: {
        Type: 'AWS::Lambda::Permission',
        DependsOn: ['Table'],
        Properties: { SourceArn: { 'Fn::Join': ['/', ['arn', 'ordersystem', 'local']] } },
      },
      Log: {
        Type: 'AWS::Logs::LogGroup',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a template's own placeholder
        Properties: { LogGroupName: { 'Fn::Sub': 'Logs_ordersystem/local_${AWS::Region}' } },
      },
      Account: { Type: 'AWS::ApiGateway::Account', Properties: {} },
      Table: table('orderId'),
    });
  });
});

describe('what an update would lose', () => {
  test.each([
    ['nothing when the same table stays', table('orderId'), []],
    ['nothing when it gets an index', table('orderId', { GlobalSecondaryIndexes: [] }), []],
    ['the table whose key changes', table('tenantId'), ['must be made anew']],
    ['the table that gets another name', table('orderId', { TableName: 'all-orders' }), ['must be made anew']],
    ['the table that is left out', undefined, ['is no longer part of the stack']],
  ] as const)('is %s', (_, next, why) => {
    const losses = lossesOf(template({ Table: table('orderId') }), template(next ? { Table: next } : {}));
    expect(losses.map((loss) => loss.why)).toEqual(why);
  });

  test('is not what its deletion leaves behind, and not what holds no data', () => {
    const kept = { ...table('orderId'), DeletionPolicy: 'Retain' };
    expect(lossesOf(template({ Table: kept, Api: api({}) }), template({}))).toEqual([]);
  });
});
