import { synthesize, synthesizeStorefront } from './synthesize';

type Statement = {
  readonly Effect: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

const most = { corsOrigins: 'https://shop.example.com', deletionProtection: 'on' };

/** Conditions that hold a service to one account or to one resource, whatever the operator. */
const sources = [
  'aws:SourceAccount',
  'aws:SourceArn',
  'kms:CallerAccount',
  'kms:EncryptionContext:aws:logs:arn', // a log group's ARN names the account
];

const isService = ({ Effect, Principal }: Statement): boolean =>
  Effect === 'Allow' && typeof Principal === 'object' && Principal.Service !== undefined;

/** The resources that a statement lets a service act for, by their ARNs; what else it says instead where it names none. */
const actingFor = ({ Condition }: Statement): unknown[] =>
  [Condition?.ArnEquals?.['aws:SourceArn'] ?? Condition].flat();

const namesSource = ({ Condition = {} }: Statement): boolean =>
  Object.values(Condition).some((keys) => Object.keys(keys).some((key) => sources.includes(key)));

/** Statements that let a service of AWS at a key, topic, queue or bucket, by resource; roles are passed by their own account alone. */
const servicesLetIn = (stage: 'local' | 'dev' | 'prod') =>
  [...synthesize(stage, most).all, ...synthesizeStorefront(stage).all].flatMap(({ id, type, properties }) => {
    const statements: Statement[] = [properties.PolicyDocument, properties.KeyPolicy].flatMap(
      (document) => document?.Statement ?? [],
    );
    if (type === 'AWS::Lambda::Permission') {
      const held = properties.SourceArn !== undefined || properties.SourceAccount !== undefined;
      return [{ what: `${type} ${id} ${properties.Principal}`, held }];
    }
    return statements.filter(isService).flatMap((statement) =>
      actingFor(statement).map((source) => ({
        what: `${type} ${id} for ${JSON.stringify(source)} ${JSON.stringify(statement)}`,
        held: namesSource(statement),
      })),
    );
  });

describe('F-37 a service of AWS acts for this account alone', () => {
  test.each([
    ['local', 40],
    ['dev', 40],
    ['prod', 45],
  ] as const)('in stage %s every key, topic, queue, bucket and function asks it for whom', (stage, least) => {
    const found = servicesLetIn(stage);
    expect(found.length).toBeGreaterThan(least);
    expect(found.filter(({ held }) => !held).map(({ what }) => what)).toEqual([]);
  });

  test('the key of the alarms’ topic is used by CloudWatch for alarms of this account', () => {
    const key = servicesLetIn('prod').filter(
      ({ what }) => what.startsWith('AWS::KMS::Key') && what.includes('cloudwatch'),
    );
    expect(key).toHaveLength(1);
    expect(key[0]?.what).toContain('"Condition":{"StringEquals":{"aws:SourceAccount":"111111111111"}}');
  });
});
