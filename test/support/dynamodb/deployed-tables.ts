import { synthesize, synthesizeStorefront } from '../../lib/synthesize';
import type { IndexSchema, KeySchema, KeyType, TableSchema } from './table';

type Definition = { readonly AttributeName: string; readonly AttributeType: KeyType };
type Key = { readonly AttributeName: string; readonly KeyType: 'HASH' | 'RANGE' };
type Index = {
  readonly IndexName: string;
  readonly KeySchema: readonly Key[];
  readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] };
};

const keySchema = (keys: readonly Key[], definitions: readonly Definition[]): KeySchema => {
  const part = (keyType: Key['KeyType']) => {
    const name = keys.find((key) => key.KeyType === keyType)?.AttributeName;
    const type = definitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType ?? 'S';
    return name === undefined ? undefined : ([name, type] as const);
  };
  const [partition = ['', 'S'] as const, sort] = [part('HASH'), part('RANGE')];
  return sort === undefined ? { partition } : { partition, sort };
};

const indexSchema = (index: Index, definitions: readonly Definition[]): IndexSchema => {
  const { ProjectionType, NonKeyAttributes = [] } = index.Projection;
  const projected = ProjectionType === 'ALL' ? {} : { projected: NonKeyAttributes };
  return { ...keySchema(index.KeySchema, definitions), ...projected };
};

/** The keys, indexes and expiry of every table of both apps on the local stage, by name. */
export const deployedTables = (): Readonly<Record<string, TableSchema>> =>
  Object.fromEntries(
    [synthesize('local'), synthesizeStorefront('local')]
      .flatMap(({ ofType }) => ofType('DynamoDB::GlobalTable'))
      .map(({ properties }): [string, TableSchema] => {
        const definitions: Definition[] = properties.AttributeDefinitions;
        const all: Index[] = properties.GlobalSecondaryIndexes ?? [];
        const indexes = Object.fromEntries(all.map((index) => [index.IndexName, indexSchema(index, definitions)]));
        const expiry: string | undefined = properties.TimeToLiveSpecification?.AttributeName;
        return [
          properties.TableName,
          {
            ...keySchema(properties.KeySchema, definitions),
            ...(all.length === 0 ? {} : { indexes }),
            ...(expiry === undefined ? {} : { expiry }),
          },
        ];
      }),
  );
