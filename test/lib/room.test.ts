import { type Resource, synthesize } from './synthesize';

// The order system in its largest form: pages of other origins may call it, somebody is told of alarms.
const most = { corsOrigins: 'https://shop.example.com', deletionProtection: 'on' };
const stages = { local: synthesize('local', most), dev: synthesize('dev', most), prod: synthesize('prod', most) };

const kilobyte = 1024;

test.each([
  ['local', 325],
  ['dev', 370],
  ['prod', 370],
] as const)('A4 the stack of stage %s has at most %i of CloudFormation’s 500 resources', (stage, limit) => {
  expect(stages[stage].all.length).toBeGreaterThan(0);
  expect(stages[stage].all.length).toBeLessThanOrEqual(limit);
});

test.each(['local', 'dev', 'prod'] as const)('A4 the template of stage %s has at most 420 KB', (stage) => {
  const text = JSON.stringify(stages[stage].template);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(420 * kilobyte);
});

/** The logical IDs that a resource cannot be made without. */
const needsOf = ({ whole }: Resource, ids: ReadonlySet<string>): string[] => {
  const text = JSON.stringify(whole.Properties ?? {});
  const named = [
    /"Ref":"(\w+)"/g,
    /"Fn::GetAtt":\["(\w+)"/g,
    /"Fn::GetAtt":"(\w+)\./g,
    /\$\{(\w+)/g, // of Fn::Sub
  ].flatMap((pattern) => [...text.matchAll(pattern)].map(([, id = '']) => id));
  return [...new Set([...named, ...[whole.DependsOn ?? []].flat()])].filter((id) => ids.has(id));
};

/** The first way from a resource back to itself. */
const circleIn = (all: readonly Resource[]): string[] => {
  const ids = new Set(all.map(({ id }) => id));
  const needs = new Map(all.map((resource) => [resource.id, needsOf(resource, ids)]));
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): string[] => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    if (done.has(id)) return [];
    for (const next of needs.get(id) ?? []) {
      const circle = visit(next, [...path, id]);
      if (circle.length > 0) return circle;
    }
    done.add(id);
    return [];
  };
  return [...ids].map((id) => visit(id, [])).find((circle) => circle.length > 0) ?? [];
};

describe('A4 no resource waits for itself', () => {
  test.each(['local', 'dev', 'prod'] as const)('in stage %s', (stage) =>
    expect(circleIn(stages[stage].all)).toEqual([]),
  );

  test('a circle is found', () => {
    const resource = (id: string, needed: string): Resource => {
      const whole = { Properties: { Arn: { 'Fn::GetAtt': [needed, 'Arn'] } } };
      return { id, type: 'AWS::IAM::Role', properties: whole.Properties, whole };
    };
    expect(circleIn([resource('A', 'B'), resource('B', 'C'), resource('C', 'B')])).toEqual(['B', 'C', 'B']);
  });
});

describe('A2 a first deployment that fails can be tried again', () => {
  const first = synthesize('prod');

  test('nothing is kept that was never created whole', () => {
    const ofTheAccount = /^ApiCloudWatchRole|^ApiAccount/; // API Gateway's logging role, which other stages use from then on
    const kept = first.all.filter(
      ({ id, whole }) => /^Retain/.test(whole.DeletionPolicy ?? '') && !ofTheAccount.test(id),
    );
    expect(kept.length).toBeGreaterThan(20);
    for (const { id, whole } of kept)
      expect([id, whole.DeletionPolicy, whole.UpdateReplacePolicy]).toEqual([id, 'RetainExceptOnCreate', 'Retain']);
  });

  test('what AWS would refuse to delete is protected by a later deployment alone', () => {
    const isProtected = ({ properties }: Resource) =>
      /"DeletionProtection(Enabled)?":(true|"ACTIVE")/.test(JSON.stringify(properties));
    expect(first.all.filter(isProtected)).toEqual([]);
    const later = synthesize('prod', { deletionProtection: 'on' });
    expect(later.all.filter(isProtected)).toHaveLength(later.ofType('DynamoDB::GlobalTable').length + 1);
  });
});

describe('A3 A5 stages', () => {
  test('none is deployed over another: the stage is part of the name that a stack has on AWS', () => {
    expect(Object.values(stages).map(({ stackName }) => stackName)).toEqual([
      'OrderSystemStack',
      'OrderSystemStack-dev',
      'OrderSystemStack-prod',
    ]);
    expect(Object.values(stages).map(({ isProtected }) => isProtected)).toEqual([false, false, true]);
  });

  const physical = ['TableName', 'QueueName', 'TopicName', 'AlarmName', 'DashboardName', 'AliasName', 'RoleName'];
  const names = (stage: keyof typeof stages) =>
    stages[stage].all.flatMap(({ type, properties }) => {
      const own =
        type === 'AWS::SecretsManager::Secret' || type === 'AWS::Lambda::Function' ? ['Name', 'FunctionName'] : [];
      return [...physical, ...own].flatMap((key) => (properties[key] === undefined ? [] : [String(properties[key])]));
    });

  test('dev and prod fit into one account and region: no physical name is in both', () => {
    const [dev, prod] = [new Set(names('dev')), names('prod')];
    expect(prod.length).toBeGreaterThan(70);
    expect(prod.filter((name) => dev.has(name))).toEqual([]);
    expect([...dev].filter((name) => !/^(alias\/)?dev-/.test(name))).toEqual([]);
  });

  test('S0-04 S0-05 S0-08 S0-11 prod and local have the names of the seed document', () => {
    for (const stage of ['local', 'prod'] as const)
      expect(names(stage)).toEqual(
        expect.arrayContaining(['orders', 'inventory', 'order-events', 'inventory-queue', 'order-processing-dlq']),
      );
  });

  test('metrics of two stages are not added up', () => {
    const namespaces = Object.values(stages).map(
      ({ functions }) =>
        new Set(
          functions.map(({ resource }) => resource.properties.Environment.Variables.POWERTOOLS_METRICS_NAMESPACE),
        ),
    );
    expect(namespaces).toEqual([new Set(['OrderSystem']), new Set(['OrderSystem/dev']), new Set(['OrderSystem'])]);
  });
});

describe('A1 the sender of mails', () => {
  test('is verified by an operator before, and registered by no stack', () => {
    for (const { all } of Object.values(stages))
      expect(all.filter(({ type }) => type.startsWith('AWS::SES'))).toEqual([]);
  });

  test.each(['mail.example.com', 'example.com'])('may be verified by a domain: %s', (senderIdentity) => {
    const { ofType, statementsOf } = synthesize('prod', { senderEmail: 'orders@mail.example.com', senderIdentity });
    const sends = ofType('IAM::Role').flatMap(({ id }) =>
      statementsOf(id).filter(({ Action }) => Action === 'ses:SendEmail'),
    );
    // in the sandbox SES asks for the recipient's identity, too: the sender is bound by the condition
    expect(JSON.stringify(sends[0]?.Resource)).toContain(':identity/*');
    expect(sends[0]?.Condition).toEqual({ StringEquals: { 'ses:FromAddress': 'orders@mail.example.com' } });
    const { EmailConfiguration } = ofType('Cognito::UserPool')[0]?.properties ?? {};
    expect(EmailConfiguration.From).toBe('orders@mail.example.com');
    expect(JSON.stringify(EmailConfiguration.SourceArn)).toContain(`:identity/${senderIdentity}"`);
  });
});
