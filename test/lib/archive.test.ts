import type { StageName } from './stacks';
import { referenced, synthesize } from './synthesize';

const stages = {
  local: synthesize('local'),
  dev: synthesize('dev', { corsOrigins: 'https://shop.example.com' }),
  prod: synthesize('prod'),
};

const list = <Item>(value: Item | Item[]): Item[] => (Array.isArray(value) ? value : [value]);

/** What a stage's template has of the archive. */
const archiveOf = (stage: StageName) => {
  const { ofType, target, functions } = stages[stage];
  const buckets = ofType('S3::Bucket').filter(({ id }) => /^ArchiveEvents[0-9A-F]{8}$/.test(id));
  const [bucket] = buckets;
  if (bucket === undefined || buckets.length > 1) throw new Error('there is one bucket');
  const [policy] = ofType('S3::BucketPolicy').filter(({ properties }) => referenced(properties.Bucket) === bucket.id);
  const handler = functions.find(({ label }) => label === 'archive/archive-events')?.resource;
  const [mapping] = ofType('Lambda::EventSourceMapping').filter(
    ({ properties }) => target(properties.EventSourceArn) === 'archive-queue',
  );
  return { bucket, policy: policy?.properties.PolicyDocument.Statement ?? [], handler, mapping: mapping?.properties };
};

describe.each<[StageName]>([['local'], ['dev'], ['prod']])('the archive of %s', (stage) => {
  const { bucket, policy, handler } = archiveOf(stage);

  test('S2-39 is private, encrypted, logged on AWS, for no page, and answers over TLS alone', () => {
    expect(bucket.properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const [rule] = bucket.properties.BucketEncryption.ServerSideEncryptionConfiguration;
    expect(rule.ServerSideEncryptionByDefault.SSEAlgorithm).toBe(stage === 'prod' ? 'aws:kms' : 'AES256');
    expect(bucket.properties.LoggingConfiguration?.DestinationBucketName !== undefined).toBe(stage !== 'local');
    expect(bucket.properties.CorsConfiguration).toBeUndefined();
    expect(policy).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  test('S3-53 P17 its function may write files into its two folders, and neither read nor delete any', () => {
    const allowed = policy.filter(({ Effect }: { Effect: string }) => Effect === 'Allow');
    const rights = allowed.flatMap(({ Action, Resource, Principal }: (typeof allowed)[number]) => {
      expect(referenced(Principal.AWS)).toBe(referenced(handler?.properties.Role));
      return list(Resource).map((on) => `${Action} ${referenced(on).replace(bucket.id, '')}`);
    });
    expect(rights.sort()).toEqual(['s3:PutObject /by-day/*', 's3:PutObject /by-subject/*']);
  });
});

describe('events are kept', () => {
  test.each([
    ['local', 7],
    ['dev', 30],
  ] as const)('in %s for %i days, and without older versions', (stage, days) => {
    const { bucket } = archiveOf(stage);
    expect(bucket.properties.LifecycleConfiguration.Rules).toEqual([{ ExpirationInDays: days, Status: 'Enabled' }]);
    expect(bucket.properties.VersioningConfiguration).toBeUndefined();
    expect(bucket.whole.DeletionPolicy).toBe('Delete');
  });

  test('S2-39 in prod for 400 days, cheaper after 90, versioned, and longer than the stack', () => {
    const { bucket } = archiveOf('prod');
    expect(bucket.properties.LifecycleConfiguration.Rules).toEqual([
      {
        ExpirationInDays: 400,
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        Status: 'Enabled',
        Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 90 }],
      },
    ]);
    expect(bucket.properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(bucket.whole.DeletionPolicy).toBe('RetainExceptOnCreate');
  });
});

describe('on AWS', () => {
  const { handler, mapping } = archiveOf('prod');

  test('many events make one file: two batches at once, of 2,000 events or a minute', () => {
    expect(mapping).toMatchObject({
      BatchSize: 2000,
      MaximumBatchingWindowInSeconds: 60,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('a message is hidden as long as it may be gathered and then tried for, which is less than its alarm waits', () => {
    const { VisibilityTimeout } = stages.prod.named('archive-queue').properties;
    expect([handler?.properties.Timeout, VisibilityTimeout]).toEqual([30, 240]);
  });
});

test('S2-39 the archive receives every topic, whatever the type', () => {
  const { ofType, target } = stages.prod;
  const topics = ofType('SNS::Topic').map(({ properties }) => properties.TopicName);
  const heard = ofType('SNS::Subscription').filter(({ properties }) => target(properties.Endpoint) === 'archive-queue');
  expect(heard.map(({ properties }) => target(properties.TopicArn)).sort()).toEqual(
    topics.filter((name) => name !== 'operations-alarms').sort(),
  );
  for (const { properties } of heard) {
    expect(properties.FilterPolicy).toBeUndefined();
    expect(properties.RawMessageDelivery).toBe(true);
  }
});
