import type { BatchExecuteStatementCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { insertEach, insertOnce } from '../../lambda/kernel/dynamodb/insert-once';

/** A table that answers each row by its name: a name is an error's code. */
const table = () => {
  const sizes: number[] = [];
  const send = async ({ input }: BatchExecuteStatementCommand) => {
    const statements = input.Statements ?? [];
    sizes.push(statements.length);
    const codes = statements.map(({ Parameters: [code] = [] }) => String(code));
    return { Responses: codes.map((Code) => (Code === 'fine' ? {} : { Error: { Code } })) };
  };
  return { sizes, db: { send } as unknown as DynamoDBDocumentClient };
};

test('each row has its own outcome, and one that was there before is as good as inserted', async () => {
  const rows = ['fine', 'DuplicateItem', 'ThrottlingError', 'fine'].map((code) => ({ code }));
  const outcomes = await insertOnce(table().db, 'bills', rows);
  expect(outcomes.map((outcome) => outcome?.message)).toEqual([
    undefined,
    undefined,
    'bills refused a row: ThrottlingError ',
    undefined,
  ]);
});

test('rows that change are told apart from those that were there before', async () => {
  const rows = ['fine', 'DuplicateItem'].map((code) => ({ code }));
  expect(await insertEach(table().db, 'bills', rows)).toEqual(['inserted', 'existed']);
});

test('no call has more than the 25 rows that DynamoDB takes', async () => {
  const { sizes, db } = table();
  expect(await insertOnce(db, 'bills', Array(60).fill({ code: 'fine' }))).toHaveLength(60);
  expect(sizes).toEqual([25, 25, 10]);
});
