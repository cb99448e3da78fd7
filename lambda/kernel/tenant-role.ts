import * as z from 'zod';
import { serviceUrl } from './aws-endpoint';
import { jitteredBackoff, retry } from './retry';
import { sendSigned } from './signed-request';
import type { Tenant } from './tenant';

/** What a function's variables hold when its construct has used `allowForTenant`. */
export const tenantRoleEnv = z.object({ TENANT_ROLE_ARN: z.string().min(1) });
export type TenantRole = z.output<typeof tenantRoleEnv>;

export type TenantCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
};

const field = (xml: string, name: string): string => {
  const [, value] = new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml) ?? [];
  if (value === undefined) throw new Error(`the answer to AssumeRole has no ${name}`);
  return value;
};

/** The credentials in an answer of STS. */
export const credentialsFrom = (xml: string): TenantCredentials => ({
  accessKeyId: field(xml, 'AccessKeyId'),
  secretAccessKey: field(xml, 'SecretAccessKey'),
  sessionToken: field(xml, 'SessionToken'),
  expiration: new Date(field(xml, 'Expiration')),
});

/** What STS is asked: the role, for a session that is tagged with the tenant. */
export const assumeRoleForm = (roleArn: string, tenant: Tenant): string =>
  new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: `tenant-${tenant}`,
    'Tags.member.1.Key': 'tenant',
    'Tags.member.1.Value': tenant,
  }).toString();

/**
 * Takes the function's tenant role for one tenant: these credentials reach no item of another one. A signed request, since
 * the SDK's client would add 38 KB to what is loaded.
 */
export const assumeTenantRole = (role: TenantRole, tenant: Tenant): Promise<TenantCredentials> => {
  const attempt = async () => {
    const response = await sendSigned({
      url: serviceUrl('sts'),
      service: 'sts',
      contentType: 'application/x-www-form-urlencoded',
      body: assumeRoleForm(role.TENANT_ROLE_ARN, tenant),
    });
    if (!response.ok) throw new Error(`STS answered AssumeRole with ${response.status}`);
    return credentialsFrom(await response.text());
  };
  return retry(attempt, () => true, { ...jitteredBackoff, attempts: 3 });
};
