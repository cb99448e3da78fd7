import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { expressions } from './expression';
import type { Value } from './item';
import type { MemoryTable } from './table';

/** The expressions of a request. */
export type Expressed = {
  readonly ConditionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, Value>> | undefined;
};

export type Tables = Pick<ReadonlyMap<string, MemoryTable>, 'get'>;

export const meta = { $metadata: { httpStatusCode: 200 } };

/** Returns the table of that name. Throws ResourceNotFoundException when there is none. */
export const tableNamed = (tables: Tables, name: string | undefined): MemoryTable => {
  const table = tables.get(name ?? '');
  if (table !== undefined) return table;
  throw new ResourceNotFoundException({ message: `Requested resource not found: ${name}`, ...meta });
};

const placeholdersOf = (given: Expressed) => ({
  names: given.ExpressionAttributeNames,
  values: given.ExpressionAttributeValues,
});

/** Reads the expressions of a request. Throws ValidationException for what the real one refuses. */
export const readExpressions = (given: Expressed) => {
  const reader = expressions(placeholdersOf(given));
  const read = {
    condition: reader.condition(given.ConditionExpression),
    actions: reader.update(given.UpdateExpression),
    isInRange: reader.condition(given.KeyConditionExpression),
    filter: reader.condition(given.FilterExpression),
    paths: given.ProjectionExpression === undefined ? undefined : reader.paths(given.ProjectionExpression),
  };
  reader.checkUsed();
  return read;
};
