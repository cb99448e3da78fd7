import { UsageError } from '../../../../scripts/lib/command';
import { clientFor, tokenFor } from '../../../../scripts/lib/people/sign-in';
import type { System } from '../../../../scripts/lib/system/system';
import { startFakeAws } from '../../local/fake-aws';

const member = (type: string, id: string) =>
  `<member><ResourceType>AWS::Cognito::${type}</ResourceType><PhysicalResourceId>${id}</PhysicalResourceId></member>`;

const resources = `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>${member('UserPool', 'us-east-1_pool')}${member('UserPoolClient', 'client')}</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`;

const cognito = 'AWSCognitoIdentityProviderService';
const bodies: Readonly<Record<string, string>> = {
  [`${cognito}.DescribeUserPoolClient`]: '{"UserPoolClient":{"ClientSecret":"s3cret"}}',
  [`${cognito}.InitiateAuth`]: '{"AuthenticationResult":{"IdToken":"a.b.c"}}',
};

/** A local AWS whose table of tenants holds so many of the name that is looked for. Notes what it is asked. */
const withTenants = async (count: number) => {
  const asked: string[] = [];
  const aws = await startFakeAws((what) => {
    asked.push(what);
    if (what === 'ListStackResources') return { type: 'text/xml', body: resources };
    const items = Array.from({ length: count }, () => ({ tenantId: { S: 'shop-a' } }));
    if (what === 'DynamoDB_20120810.Scan') return { body: JSON.stringify({ Items: items }) };
    return { status: what === '/tenants' ? 201 : 200, body: bodies[what] ?? '{}' };
  });
  const { endpoint, close } = aws;
  const system: System = {
    endpoint,
    region: 'us-east-1',
    apiUrl: endpoint,
    topicArns: {},
    queueUrls: {},
    tableNames: [],
  };
  return { system, asked, close };
};

const changes = /\.Admin|\/tenants/;

describe('F-15 who signs in to look at a shop', () => {
  test('is told when there is no such tenant, and nothing is written', async () => {
    const { system, asked, close } = await withTenants(0);
    await expect(clientFor(system, 'typo-shop', 'staff').finally(close)).rejects.toThrow(
      new UsageError('--tenant "typo-shop": there is no such tenant. See --help.'),
    );
    expect(asked.filter((what) => changes.test(what))).toEqual([]);
  });

  test('opens no shop that is there', async () => {
    const { system, asked, close } = await withTenants(1);
    expect(await tokenFor(system, 'shop-a', 'staff').finally(close)).toBe('a.b.c');
    expect(asked).not.toContain('/tenants');
  });

  test.each([
    ['a demo', 'lifecycle-shop', { opens: true }],
    ['the shop that every system has', 'default', undefined],
  ])('opens that of %s', async (_, tenant, opening) => {
    const { system, asked, close } = await withTenants(0);
    await tokenFor(system, tenant, 'staff', opening).finally(close);
    expect(asked).toContain('/tenants');
  });
});
