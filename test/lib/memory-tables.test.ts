import { deployedTables } from '../support/dynamodb/deployed-tables';
import { tables } from '../support/dynamodb/tables';

test('the tables in memory have the keys, indexes and expiry of the deployed ones', () => {
  expect(tables).toEqual(deployedTables());
});
