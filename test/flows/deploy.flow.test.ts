import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { cdklocal, startOwnAws } from '../support/flow-system';

const folder = join(process.env.FLOW_FOLDER ?? '', 'second');

describe('S0-55 the literal commands', () => {
  test('cdklocal deploy --require-approval never deploys, and cdklocal destroy removes everything once it is told y (F-43)', async () => {
    const aws = await startOwnAws(folder);
    try {
      const client = { endpoint: aws.endpoint };
      const cloudFormation = new CloudFormationClient(client);
      const tables = async () => (await new DynamoDBClient(client).send(new ListTablesCommand({}))).TableNames;
      const cdk = (...args: string[]) =>
        cdklocal([...args, '--output', join(folder, 'cdk.out')], aws.environment, join(folder, `${args[0]}.log`));
      await cdk('bootstrap');
      await cdk('deploy', '--require-approval', 'never');
      expect(await tables()).toEqual(
        expect.arrayContaining(['billing', 'inventory', 'notifications', 'orders', 'reservations']),
      );
      const answer = (input: string) =>
        spawnSync('npx', ['cdklocal', 'destroy', '--output', join(folder, 'cdk.out')], {
          env: { ...process.env, ...aws.environment },
          input,
          encoding: 'utf8',
        });
      const refused = answer('n\n');
      expect(refused.stdout).toContain('Nothing was destroyed.');
      expect(answer('').status).toBe(1);
      expect(await tables()).toContain('orders');
      expect(answer('y\n').status).toBe(0);
      expect(await tables()).toEqual([]);
      const stacks = cloudFormation.send(new DescribeStacksCommand({ StackName: 'OrderSystemStack' }));
      await expect(stacks).rejects.toThrow(/does not exist/);
    } finally {
      await aws.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 180_000);
});
