import type * as z from 'zod';
import { api } from '../../lambda/contracts/api/api';
import type { OperationContract } from '../../lambda/contracts/api/operation';
import { type Operation, type Policy, routes } from '../../lambda/contracts/api/routes';
import { headerParameters, pathParameters } from '../../scripts/openapi/parameters';

/** One value that a client may send: where it stands, and the contract that takes it. */
export type ContractField = { readonly at: string; readonly schema: z.ZodType };

type Def = {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly in?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
};

const inner = (schema: z.ZodType, at: string): ContractField[] => {
  const def = schema.def as unknown as Def;
  if (def.shape !== undefined)
    return Object.entries(def.shape).flatMap(([name, field]) => fieldsWithin(field, `${at}/${name}`));
  if (def.element !== undefined) return fieldsWithin(def.element, `${at}/0`);
  if (def.options !== undefined) return def.options.flatMap((option) => fieldsWithin(option, at));
  if (def.innerType !== undefined) return fieldsWithin(def.innerType, at);
  return [];
};

/** The fields of a schema that hold no others, and the records, whose names are the client's own. */
const fieldsWithin = (schema: z.ZodType, at: string): ContractField[] => {
  const def = schema.def as unknown as Def;
  if (def.type === 'record')
    return [{ at, schema }, ...(def.valueType === undefined ? [] : fieldsWithin(def.valueType, `${at}/*`))];
  if (def.type === 'pipe' && def.in !== undefined) {
    const within = fieldsWithin(def.in, at);
    return within.length === 1 && within[0]?.at === at ? [{ at, schema }] : within;
  }
  const within = inner(schema, at);
  return within.length > 0 ? within : [{ at, schema }];
};

const partsOf = (operation: Operation): [string, z.ZodType][] => {
  const { body, query }: OperationContract = api[operation];
  const policy: Policy = routes[operation];
  return [
    ['path', pathParameters(policy, api[operation])],
    ['headers', headerParameters(policy, api[operation])],
    ...(query === undefined ? [] : [['query', query] as [string, z.ZodType]]),
    ...(body === undefined || 'contentType' in body ? [] : [['body', body] as [string, z.ZodType]]),
  ];
};

/** Every field of every operation's path, headers, query and body. */
export const contractFields = (): ContractField[] =>
  (Object.keys(routes) as Operation[]).flatMap((operation) =>
    partsOf(operation).flatMap(([part, schema]) => fieldsWithin(schema, `${operation} ${part}`)),
  );
