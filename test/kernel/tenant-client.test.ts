import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { assumeRoleForm, credentialsFrom, tenantRoutes } from '../../lambda/kernel/dynamodb/tenant-client';
import type { Request } from '../../lambda/kernel/http/route';
import { type Tenant, trustedTenant } from '../../lambda/kernel/tenant';

const of = (tenant: string) => ({ caller: { tenant: trustedTenant(tenant), roles: [] } }) as unknown as Request;

const setUp = () => {
  const taken: Tenant[] = [];
  const clients = new Map<unknown, Tenant>();
  const clientOf = (tenant: Tenant) => {
    taken.push(tenant);
    const client = {} as DynamoDBDocumentClient;
    clients.set(client, tenant);
    return client;
  };
  const routes = tenantRoutes(clientOf, (db) => ({ getOrder: async () => ({ status: 200, body: clients.get(db) }) }));
  return { taken, routes };
};

describe('P8 a route that acts for one tenant', () => {
  test('has a client of its caller’s tenant, and no other', async () => {
    const { routes, taken } = setUp();
    expect(await routes.getOrder(of('shop-a'))).toMatchObject({ body: 'shop-a' });
    expect(await routes.getOrder(of('shop-b'))).toMatchObject({ body: 'shop-b' });
    expect(await routes.getOrder(of('shop-a'))).toMatchObject({ body: 'shop-a' });
    expect(taken).toEqual(['shop-a', 'shop-b']);
  });

  test('forgets the tenant that it was not asked for the longest, once there are a hundred', async () => {
    const { routes, taken } = setUp();
    for (let n = 0; n < 100; n += 1) await routes.getOrder(of(`t-${n}`));
    await routes.getOrder(of('t-0'));
    await routes.getOrder(of('t-100'));
    await routes.getOrder(of('t-0'));
    expect(taken).toHaveLength(101);
    await routes.getOrder(of('t-1'));
    expect(taken.slice(101)).toEqual(['t-1']);
  });
});

test('P8 the session of a tenant role is tagged with the tenant', () => {
  const form = new URLSearchParams(assumeRoleForm('arn:aws:iam::111111111111:role/data', trustedTenant('shop-a')));
  expect(Object.fromEntries(form)).toEqual({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: 'arn:aws:iam::111111111111:role/data',
    RoleSessionName: 'tenant-shop-a',
    'Tags.member.1.Key': 'tenant',
    'Tags.member.1.Value': 'shop-a',
  });
});

test('the credentials of a tenant role are those that STS gave, until it says', () => {
  const xml = `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA1</AccessKeyId>
    <SecretAccessKey>s/+=</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2026-11-21T09:00:00Z</Expiration>
    </Credentials></AssumeRoleResult></AssumeRoleResponse>`;
  expect(credentialsFrom(xml)).toEqual({
    accessKeyId: 'ASIA1',
    secretAccessKey: 's/+=',
    sessionToken: 't',
    expiration: new Date('2026-11-21T09:00:00Z'),
  });
  expect(() => credentialsFrom('<Error/>')).toThrow('the response of AssumeRole has no AccessKeyId');
});
