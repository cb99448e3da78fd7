import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { localTables, tablesOf } from '../../../../scripts/lib/system/tables';

test('a table is called what its stage calls it', () => {
  const region = 'eu-west-1';
  const names = (['dev', 'prod'] as const).map((stage) => tablesOf({ region, stage }).called('orders'));
  expect(names).toEqual(['dev-orders', 'orders']);
  expect(tablesOf({ region, endpoint: 'http://127.0.0.1:1' }).called('orders')).toBe('orders');
  expect(localTables(new DynamoDBClient({ region })).called('orders')).toBe('orders');
});

test('A3 no script that works on AWS names a table, queue or secret without its stage', () => {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'scripts/*.ts'], { encoding: 'utf8' });
  const onAws = files
    .trim()
    .split('\n')
    .filter(
      (file) => !/^scripts\/(local|payment-simulator|openapi)\//.test(file) && file !== 'scripts/lib/system/system.ts',
    ); // which looks for a local one
  const literal = /(?:TableName|QueueName|TopicName|SecretId): '|RequestItems: \{ ['\w]/;
  expect(onAws.filter((file) => literal.test(readFileSync(file, 'utf8')))).toEqual([]);
});
