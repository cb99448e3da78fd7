import type * as z from 'zod';
import { api } from '../../../lambda/contracts/api/api';
import type { OperationContract } from '../../../lambda/contracts/api/operation';
import { type Operation, routes } from '../../../lambda/contracts/api/routes';
import { type ContractField, contractFields } from '../../support/contract-fields';

export const operations = Object.keys(routes) as Operation[];

type PartName = 'path' | 'query' | 'headers' | 'body';

/** One place of a request that holds a value: a field, or an object or a list in a body. */
export type Place = {
  /** `placeOrder body/items/0/quantity` */
  readonly name: string;
  readonly operation: Operation;
  readonly part: PartName;
  readonly path: readonly string[];
  /** The contracts that take its value, any of them; none for objects and lists, of which the whole body's decides. */
  readonly schemas: readonly z.ZodType[];
};

const placeOf = ({ at, schema }: ContractField): Place => {
  const [operation = '', where = ''] = at.split(' ');
  const [part = '', ...path] = where.split('/');
  return { name: at, operation: operation as Operation, part: part as PartName, path, schemas: [schema] };
};

/** The objects and lists around a field of a body: `body`, `body/items`, `body/items/0`. */
const around = (place: Place): Place[] =>
  place.part === 'body'
    ? place.path.map((_, depth) => {
        const path = place.path.slice(0, depth);
        return { ...place, name: [`${place.operation} body`, ...path].join('/'), path, schemas: [] };
      })
    : [];

let known: readonly Place[] | undefined;

/** Every place of every request, each once. */
export const places = (): readonly Place[] => {
  if (known !== undefined) return known;
  const byName = new Map<string, Place>();
  const fields = contractFields().map(placeOf);
  for (const place of fields
    .filter(({ part, path }) => part === 'body' || path.length > 0)
    .flatMap((one) => [...around(one), one])) {
    const { schemas = [] } = byName.get(place.name) ?? {};
    byName.set(place.name, { ...place, schemas: [...schemas, ...place.schemas] });
  }
  known = [...byName.values()];
  return known;
};

/** The contract of an operation's JSON body; undefined when it takes none. */
export const bodySchema = (operation: Operation): z.ZodType | undefined => {
  const { body }: OperationContract = api[operation];
  return body === undefined || 'contentType' in body ? undefined : body;
};
