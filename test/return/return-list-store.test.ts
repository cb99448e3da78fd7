import { BatchGetCommand, type DynamoDBDocumentClient, type QueryCommand } from '@aws-sdk/lib-dynamodb';
import { listReturns } from '../../lambda/return/return-list.store';
import { rowOfReturn } from '../../lambda/return/return-row';
import { requestedMice } from '../support/returns';

const rows = Array.from({ length: 120 }, (_, index) =>
  rowOfReturn(requestedMice({ returnId: `RET-000001-${index + 1}` })),
);

/** A table that takes no more keys at once than DynamoDB does. */
const send = async (command: QueryCommand | BatchGetCommand) => {
  if (!(command instanceof BatchGetCommand)) {
    const Items = rows.slice(0, command.input.Limit);
    return { Items, LastEvaluatedKey: Items.at(-1) };
  }
  const keys = command.input.RequestItems?.returns?.Keys ?? [];
  if (keys.length > 100) throw new Error('Too many items requested for the BatchGetItem call');
  return { Responses: { returns: rows.filter(({ returnId }) => keys.some((key) => key.returnId === returnId)) } };
};

test('P15 a page of 100 returns is read although there are more', async () => {
  const returns = { table: 'returns', db: { send } as unknown as DynamoDBDocumentClient };
  const { tenant } = requestedMice();
  const { items, next } = await listReturns(returns, { tenant, limit: 100 });
  expect([items.length, next?.returnId]).toEqual([100, 'RET-000001-100']);
});
