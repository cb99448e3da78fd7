import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readConfig } from '../../lib/config';
import { ServiceBucket } from '../../lib/constructs/service-bucket';
import type { StageName } from './stacks';
import { type Resource, referenced, synthesize } from './synthesize';

const { ofType, named, target, functions, byId, functionOf: labelOf, statementsOf } = synthesize('local');

const functionOf = (label: string) => {
  const found = functions.find((one) => one.label === label);
  if (found === undefined) throw new Error(`no function ${label}`);
  return found.resource.properties;
};

test.each([
  ['products', 'productId', 'place'],
  ['categories', 'categoryId', 'categoryId'],
])(
  'S3-08 S3-09 products and categories, each with an ID: %s have the key %s, and are listed by an index of keys alone',
  (table, key, place) => {
    const { KeySchema, GlobalSecondaryIndexes } = named(table).properties;
    expect(KeySchema).toEqual([{ AttributeName: key, KeyType: 'HASH' }]);
    expect(GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'byList',
        KeySchema: [
          { AttributeName: 'list', KeyType: 'HASH' },
          { AttributeName: place, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
  },
);

test('the relay of products publishes to catalog-events and dead-letters in a queue of its own', () => {
  expect(named('products').properties.StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
  expect(named('categories').properties.StreamSpecification).toBeUndefined();
  const { TOPIC_ARN, PARKING_QUEUE_URL } = functionOf('catalog/relay-catalog-events').Environment.Variables;
  expect([target(TOPIC_ARN), target(PARKING_QUEUE_URL)]).toEqual(['catalog-events', 'catalog-relay-dlq']);
});

test('S1-20 catalog-stock-queue receives what sold out, what came back and what was ordered', () => {
  const heard = ofType('SNS::Subscription')
    .filter(({ properties }) => target(properties.Endpoint) === 'catalog-stock-queue')
    .map(({ properties }) => [
      target(properties.TopicArn),
      properties.FilterPolicy.type,
      properties.RawMessageDelivery,
    ]);
  expect(heard.sort()).toEqual([
    ['inventory-events', ['ProductSoldOut.v1', 'ProductRestocked.v1'], true],
    ['order-events', ['OrderPlaced.v2', 'OrderPlaced.v1'], true],
  ]);
  const [mapping] = ofType('Lambda::EventSourceMapping').filter(
    ({ properties }) => target(properties.EventSourceArn) === 'catalog-stock-queue',
  );
  expect(labelOf(mapping?.properties.FunctionName)).toBe('catalog/project-shop');
  expect(named('catalog-stock-queue').properties).toMatchObject({
    VisibilityTimeout: 6 * functionOf('catalog/project-shop').Timeout,
    RedrivePolicy: { maxReceiveCount: 10 },
  });
});

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

const readable = (grant: string) => grant.replace(/ Catalog(Products|Categories)\w+\/index/, ' $1/index');

/** What a function's role may do to tables, one line each. */
const onTables = (role: string) =>
  statementsOf(role)
    .flatMap(({ Action, Resource }) =>
      list(Action).flatMap((action) => list(Resource).map((on) => readable(`${action} ${target(on as never)}`))),
    )
    .filter((grant) => grant.startsWith('dynamodb:'))
    .sort();

test.each([
  ['catalog/project-shop', ['dynamodb:GetItem products', 'dynamodb:PutItem products', 'dynamodb:UpdateItem products']],
  ['catalog/serve-catalog', ['dynamodb:UpdateItem rate-limits']],
])('P17 %s may do %j by itself', (label, grants) => {
  expect(onTables(referenced(functionOf(label).Role))).toEqual(grants);
});

test('P8 P17 requests scope the catalog of one tenant alone, by a role that is taken for that tenant', () => {
  const role = referenced(functionOf('catalog/serve-catalog').Environment.Variables.TENANT_ROLE_ARN);
  const actions = ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'];
  expect(onTables(role)).toEqual(
    [
      ...actions.flatMap((action) => ['categories', 'products'].map((table) => `dynamodb:${action} ${table}`)),
      'dynamodb:Query Categories/index/byList',
      'dynamodb:Query Products/index/byList',
    ].sort(),
  );
  for (const { Condition } of statementsOf(role)) expect(JSON.stringify(Condition)).toContain('dynamodb:LeadingKeys');
});

type Statement = Resource['properties'];

describe.each<[StageName]>([['local'], ['dev'], ['prod']])('S2-38 the bucket of images in stage %s', (stage) => {
  const system = synthesize(stage);
  const bucketId = referenced(
    system.functions.find(({ label }) => label === 'catalog/serve-catalog')?.resource.properties.Environment.Variables
      .IMAGES_BUCKET,
  );
  const { properties, whole } = system.byId(bucketId);
  const statements: Statement[] = system
    .ofType('S3::BucketPolicy')
    .filter((policy) => referenced(policy.properties.Bucket) === bucketId)
    .flatMap((policy) => policy.properties.PolicyDocument.Statement);

  test('is private, encrypted, and logged on AWS', () => {
    expect(properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const [rule] = properties.BucketEncryption.ServerSideEncryptionConfiguration;
    const own = stage === 'prod';
    expect(rule.ServerSideEncryptionByDefault.SSEAlgorithm).toBe(own ? 'aws:kms' : 'AES256');
    expect(properties.LoggingConfiguration?.DestinationBucketName !== undefined).toBe(stage !== 'local');
    expect(whole.DeletionPolicy).toBe(own ? 'RetainExceptOnCreate' : 'Delete');
  });

  test('is reached over TLS alone', () => {
    expect(statements).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 's3:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });

  test('lets the catalog upload and read, and delete what is attached; nobody else anything', () => {
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
    const role = system.functions.find(({ label }) => label === 'catalog/serve-catalog')?.resource.properties.Role;
    for (const { Principal } of allowed) expect(referenced(Principal.AWS)).toBe(referenced(role));
    const actions = allowed.map(({ Action, Resource }) => [
      referenced(Resource).replace(bucketId, ''),
      list(Action).sort().join(' '),
    ]);
    expect(Object.fromEntries(actions)).toEqual({
      '': 's3:ListBucket',
      '/images/*': 's3:DeleteObject s3:GetObject s3:PutObject',
      '/uploads/*': 's3:GetObject s3:PutObject',
    });
  });

  test('forgets what was never attached after a day, and keeps what was', () => {
    expect(properties.LifecycleConfiguration.Rules).toEqual([
      { ExpirationInDays: 1, Prefix: 'uploads/', Status: 'Enabled' },
    ]);
  });

  test('answers pages of no origin', () => expect(properties.CorsConfiguration).toBeUndefined());
});

test('S2-38 pages of configured origins may upload images and read them', () => {
  const stack = new Stack(new App());
  const config = readConfig({ stage: 'dev', corsOrigins: 'https://shop.example.com' });
  new ServiceBucket(stack, 'Images', { config, lifecycleRules: [] });
  Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
    CorsConfiguration: {
      CorsRules: [
        {
          AllowedOrigins: ['https://shop.example.com'],
          AllowedMethods: ['GET', 'POST'],
          AllowedHeaders: ['*'],
          MaxAge: 3600,
        },
      ],
    },
  });
});

test('P20 the function of images is told the name of their bucket, and no address', () => {
  const { IMAGES_BUCKET, ...others } = functionOf('catalog/serve-catalog').Environment.Variables;
  expect(byId(referenced(IMAGES_BUCKET)).type).toBe('AWS::S3::Bucket');
  expect(Object.keys(others).filter((name) => name.startsWith('IMAGES_'))).toEqual([]);
});
