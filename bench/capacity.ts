import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { sum } from './statistics';
import type { Call, Item } from './stub-aws';

/** What DynamoDB bills for calls, in on-demand request units. */
export type Units = { readonly writes: number; readonly indexWrites: number; readonly reads: number };

const bytes = (text: string) => Buffer.byteLength(text);

/** Number: about one byte for two digits, and one more. */
const numberSize = (digits: string) => Math.ceil(digits.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length / 2) + 1;

/** The size of one attribute value by the Developer Guide's rules ("DynamoDB item sizes and formats"). */
const valueSize = (value: AttributeValue): number => {
  if (value.S !== undefined) return bytes(value.S);
  if (value.N !== undefined) return numberSize(value.N);
  if (value.B !== undefined) return Buffer.from(String(value.B), 'base64').length; // in base64 on the wire
  if (value.L !== undefined) return 3 + sum(value.L.map((one) => 1 + valueSize(one)));
  if (value.M !== undefined)
    return 3 + sum(Object.entries(value.M).map(([name, one]) => 1 + bytes(name) + valueSize(one)));
  return 1;
};

export const itemSize = (item: Item): number =>
  sum(Object.entries(item).map(([name, value]) => bytes(name) + valueSize(value)));

/** One unit writes up to 1 KB. */
const writeUnits = (size: number): number => Math.max(1, Math.ceil(size / 1024));

type Update = { Key: Item; ExpressionAttributeNames?: Record<string, string>; ExpressionAttributeValues?: Item };

/** What an update sets, as far as the call tells: key, attribute names and values. */
const updateSize = ({ Key, ExpressionAttributeNames = {}, ExpressionAttributeValues = {} }: Update): number =>
  itemSize(Key) +
  sum(Object.values(ExpressionAttributeNames).map(bytes)) +
  sum(Object.values(ExpressionAttributeValues).map(valueSize));

type Statement = { Statement: string; Parameters: AttributeValue[] };

const insertSize = ({ Statement, Parameters }: Statement): number =>
  sum([...Statement.matchAll(/'([^']+)': \?/g)].map(([, name = '']) => bytes(name))) + sum(Parameters.map(valueSize));

type Action = { Put?: { Item: Item }; Update?: Update };

const actionUnits = ({ Put, Update }: Action): number =>
  2 * writeUnits(Put ? itemSize(Put.Item) : Update ? updateSize(Update) : 0);

/** What places an order in the due index, in the lists of its tenant and in those of its customer. */
const indexed = ['dueAt', 'listKey', 'ownerKey'] as const;

/** The indexes are sparse: a write when an order enters one, one when it leaves, two when its place changes. */
const indexUnits = (item: Item, replaced: Item | undefined): number =>
  sum(
    indexed.map((name) => {
      const [before, after] = [replaced?.[name]?.S, item[name]?.S];
      if (before === after) return 0;
      return (before === undefined ? 0 : 1) + (after === undefined ? 0 : 1);
    }),
  );

const put = ({ body: { Item: item }, replaced }: Call): Units => ({
  writes: writeUnits(Math.max(itemSize(item), replaced === undefined ? 0 : itemSize(replaced))),
  indexWrites: indexUnits(item, replaced),
  reads: 0,
});

const none: Units = { writes: 0, indexWrites: 0, reads: 0 };

type Get = { readonly ConsistentRead?: boolean };

/** An eventually consistent read costs half. */
const readPrice = ({ ConsistentRead }: Get): number => (ConsistentRead ? 1 : 0.5);

type Gets = Readonly<Record<string, Get & { readonly Keys: readonly unknown[] }>>;

const batchGetUnits = ({ body }: Call): number =>
  sum(Object.values(body.RequestItems as Gets).map((get) => get.Keys.length * readPrice(get)));

const rules: Readonly<Record<string, (call: Call) => Units>> = {
  'DynamoDB.PutItem': put,
  'DynamoDB.UpdateItem': ({ body }) => ({ ...none, writes: writeUnits(updateSize(body)) }),
  'DynamoDB.TransactWriteItems': ({ body }) => ({
    ...none,
    writes: sum((body.TransactItems as Action[]).map(actionUnits)),
  }),
  'DynamoDB.BatchExecuteStatement': ({ body }) => ({
    ...none,
    writes: sum((body.Statements as Statement[]).map((statement) => writeUnits(insertSize(statement)))),
  }),
  'DynamoDB.BatchGetItem': (call) => ({ ...none, reads: batchGetUnits(call) }),
  'DynamoDB.GetItem': ({ body }) => ({ ...none, reads: readPrice(body) }),
  'DynamoDB.Query': ({ body }) => ({ ...none, reads: readPrice(body) }),
};

export const isDynamo = ({ operation }: Call): boolean => operation.startsWith('DynamoDB.');

/** What DynamoDB bills for one call. Throws at an operation that has no rule here. */
export const unitsOf = (call: Call): Units => {
  if (!isDynamo(call)) return none;
  const rule = rules[call.operation];
  if (rule === undefined) throw new Error(`no rule for the units of ${call.operation}`);
  return rule(call);
};

export const totalUnits = (calls: readonly Call[]): Units => {
  const units = calls.map(unitsOf);
  return {
    writes: sum(units.map(({ writes }) => writes)),
    indexWrites: sum(units.map(({ indexWrites }) => indexWrites)),
    reads: sum(units.map(({ reads }) => reads)),
  };
};
