import { referenced, synthesize } from './synthesize';

const { all, ofType, target, byId, functions, statementsOf } = synthesize('prod', { deletionProtection: 'on' });
const dev = synthesize('dev');

const [dataKey, topicKey, masterKey] = ['Key', 'MessagingTopicKey', 'SubjectKeysMasterKey'].map((id) => {
  const found = ofType('KMS::Key').find((key) => key.id.replace(/[0-9A-F]{8}$/, '') === id);
  return found?.id ?? `no key ${id}`;
});

describe('what prod keeps', () => {
  const kept = ['DynamoDB::GlobalTable', 'KMS::Key', 'Logs::LogGroup', 'SecretsManager::Secret'];

  test.each(kept)('every %s outlives the stack, and goes with it elsewhere', (type) => {
    const policies = (resources: typeof all) =>
      new Set(resources.flatMap(({ whole }) => [whole.DeletionPolicy, whole.UpdateReplacePolicy]));
    expect(policies(ofType(type))).toEqual(new Set(['RetainExceptOnCreate', 'Retain'])); // on deletion, on replacement
    expect([new Set(), new Set(['Delete'])]).toContainEqual(policies(dev.ofType(type)));
  });

  test('no table can be deleted, and each can go back in time', () => {
    for (const { properties } of ofType('DynamoDB::GlobalTable')) {
      const days = properties.TableName === 'subject-keys' ? { RecoveryPeriodInDays: 7 } : {}; // a destroyed key comes back no longer
      expect(properties.Replicas).toEqual([
        expect.objectContaining({
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, ...days },
        }),
      ]);
    }
  });

  test('logs stay for a year', () => {
    for (const { properties } of ofType('Logs::LogGroup')) expect(properties.RetentionInDays).toBe(365);
  });
});

test('no role says with a condition what it may without', () => {
  const listed = (value: Node): string[] => [value].flat().map((one) => JSON.stringify(one));
  const covers = (every: Node, some: Node) => listed(some).every((one) => listed(every).includes(one));
  const twice = ofType('IAM::Role').flatMap(({ id }) => {
    const statements = statementsOf(id);
    const without = statements.filter(({ Condition }) => Condition === undefined);
    const conditional = statements.filter(({ Condition }) => Condition !== undefined);
    return conditional.filter((one) =>
      without.some((other) => covers(other.Action, one.Action) && covers(other.Resource, one.Resource)),
    );
  });
  expect(twice).toEqual([]);
});

describe('what prod encrypts with keys of its own', () => {
  test('the keys are rotated', () => {
    for (const { properties } of ofType('KMS::Key')) expect(properties.EnableKeyRotation).toBe(true);
    expect(ofType('KMS::Key').map(({ id }) => id)).toEqual([dataKey, topicKey, masterKey]);
  });

  test.each([
    ['DynamoDB::GlobalTable', 'tables', ({ Replicas }: Node) => Replicas[0].SSESpecification.KMSMasterKeyId],
    ['Logs::LogGroup', 'logs', ({ KmsKeyId }: Node) => KmsKeyId],
    ['SecretsManager::Secret', 'secrets', ({ KmsKeyId }: Node) => KmsKeyId],
  ])('%s: the data key is the key of all %s', (type, _name, keyOf) => {
    const keys = ofType(type).map(({ properties }) => referenced(keyOf(properties)));
    expect(new Set(keys)).toEqual(new Set([dataKey]));
  });

  test("the data key is the key of all queues but those of undelivered alarms and alerts, which hold nobody's data", () => {
    const keys = ofType('SQS::Queue').map(({ properties: { QueueName, KmsMasterKeyId } }) => [
      QueueName,
      KmsMasterKeyId && referenced(KmsMasterKeyId),
    ]);
    expect(keys).toHaveLength(29);
    expect(keys.filter(([, key]) => key !== dataKey).sort()).toEqual([
      ['alert-mails-dlq', undefined],
      ['operations-alarms-dlq', undefined],
    ]);
  });

  test('the topic key is the key of all topics', () => {
    const keys = ofType('SNS::Topic').map(({ properties }) => referenced(properties.KmsMasterKeyId));
    expect(new Set(keys)).toEqual(new Set([topicKey]));
  });

  const allowedTo = (keyId: string | undefined, service: string) =>
    byId(String(keyId)).properties.KeyPolicy.Statement.filter(
      ({ Principal }: { Principal: { Service?: unknown } }) => Principal.Service === service,
    );

  test('SNS may use the data key for the queues of its topics, and CloudWatch Logs for the logs of this account', () => {
    const topics = allowedTo(dataKey, 'sns.amazonaws.com').flatMap(({ Action, Condition }: Node) => {
      expect(Action).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
      return [Condition.ArnEquals['aws:SourceArn']].flat().map(target);
    });
    expect(topics.sort()).toEqual([
      'alert-events',
      'catalog-events',
      'inventory-events',
      'order-events',
      'payment-events',
      'privacy-events',
      'return-events',
      'tenant-events',
      'user-events',
    ]);
    expect(allowedTo(dataKey, 'logs.us-east-1.amazonaws.com')).toEqual([
      expect.objectContaining({
        Condition: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:us-east-1:111111111111:log-group:*',
          },
        },
      }),
    ]);
  });

  test('alarms may use the topic key', () => {
    expect(allowedTo(topicKey, 'cloudwatch.amazonaws.com')).toEqual([
      expect.objectContaining({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
    ]);
  });

  test('a function that reaches a table, queue, topic or secret may use its key', () => {
    const statements = (label: string) => {
      return statementsOf(functions.find((one) => one.label === label)?.resource.properties.Role);
    };
    const keys = (label: string) =>
      new Set(
        statements(label)
          .filter(({ Action }) => [Action].flat().includes('kms:Decrypt'))
          .flatMap(({ Resource }) => [Resource].flat().map(referenced)),
      );
    const publishes = (label: string) => /\/relay-|^order\/sweep-due-orders$|^inventory\/audit-stock$/.test(label);
    const opens = (label: string) =>
      functions.find((one) => one.label === label)?.resource.properties.Environment.Variables.MASTER_KEY_ARN;
    for (const { label } of functions) {
      const own = [...(publishes(label) ? [topicKey] : []), ...(opens(label) === undefined ? [] : [masterKey])];
      expect([label, keys(label)]).toEqual([label, new Set([dataKey, ...own])]);
    }
  });
});

test('the senders and the receivers are those of the command line', () => {
  const sends = ofType('IAM::Role').flatMap(({ id }) =>
    statementsOf(id).filter(({ Action }) => Action === 'ses:SendEmail'),
  );
  expect(sends.map(({ Condition }) => Condition)).toEqual([
    { StringEquals: { 'ses:FromAddress': 'orders@example.com' } },
  ]);
  const mails = ofType('SNS::Subscription').filter(({ properties }) => properties.Protocol === 'email');
  expect(mails.map(({ properties }) => [properties.Endpoint, target(properties.TopicArn)])).toEqual([
    ['ops@example.com', 'alert-events'],
    ['ops@example.com', 'operations-alarms'],
  ]);
});

type Node = (typeof all)[number]['properties'];
