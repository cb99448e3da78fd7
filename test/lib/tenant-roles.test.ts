import type { StageName } from './stacks';
import { referenced, synthesize } from './synthesize';

const isTenantRole = (id: string) => /TenantRole[0-9A-F]{8}$/.test(id);

describe.each<[StageName]>([['local'], ['prod']])('P8 the tenant roles of stage %s', (stage) => {
  const { ofType, functions, byId, target, statementsOf } = synthesize(stage);
  const roles = ofType('IAM::Role').filter(({ id }) => isTenantRole(id));

  test('are there for the functions that act for one tenant', () => {
    const takers = functions.filter(({ resource }) => resource.properties.Environment.Variables.TENANT_ROLE_ARN);
    expect(takers.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['identity/serve-sign-in', 'identity/serve-users', 'order/get-order']),
    );
    expect(roles).toHaveLength(takers.length);
  });

  test('are taken by their own function alone, for a session that may be tagged', () => {
    for (const { label, resource } of functions) {
      const { Environment, Role } = resource.properties;
      if (Environment.Variables.TENANT_ROLE_ARN === undefined) continue;
      const role = byId(referenced(Environment.Variables.TENANT_ROLE_ARN));
      const statements = role.properties.AssumeRolePolicyDocument.Statement;
      const actions = statements.flatMap(({ Action }: { Action: string | string[] }) => Action);
      expect([label, actions.sort()]).toEqual([label, ['sts:AssumeRole', 'sts:TagSession']]);
      for (const { Principal } of statements) expect(target(Principal.AWS)).toBe(target(Role));
    }
  });

  test('scope nothing of DynamoDB but items whose key is the tenant of the session', () => {
    const tables = roles
      .flatMap(({ id }) => statementsOf(id))
      .filter(({ Action }) => JSON.stringify(Action).includes('dynamodb:'));
    expect(tables.length).toBeGreaterThan(0);
    for (const { Effect, Condition } of tables) {
      expect(Effect).toBe('Allow');
      const tenant = '$' + '{aws:PrincipalTag/tenant}';
      expect(Condition).toEqual({
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${tenant}#*`, tenant] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      });
    }
  });
});

test('P8 the functions of users scope the users by their tenant role alone', () => {
  const { functions, statementsOf } = synthesize('local');
  for (const label of ['identity/serve-sign-in', 'identity/serve-users']) {
    const role = functions.find((one) => one.label === label)?.resource.properties.Role;
    expect(JSON.stringify(statementsOf(role))).not.toMatch(/IdentityUsers/);
  }
});
