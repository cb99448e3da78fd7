import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type PersonalUse, personalUse } from '../../lambda/contracts/values/personal';
import { projectFolder } from '../../scripts/lib/folders';

type Schema = z.core.$ZodType;

/** A field of an object in a contract, and what it is used for if it, or what it is part of, is about a person. */
export type NamedField = {
  /** `OrderPlaced.data.customerEmail`; of an operation `placeOrder request.customerEmail`. */
  readonly path: string;
  readonly name: string;
  readonly schema: Schema;
  readonly use: PersonalUse | undefined;
  /** The use of what it is a part of. */
  readonly within: PersonalUse | undefined;
};

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && '_zod' in value;

const wrapping = ['innerType', 'element', 'in', 'out', 'left', 'right', 'valueType', 'options'];

/** What a schema wraps: `T` of an optional `T`, each choice of a union. */
export const partsOf = (schema: Schema): Schema[] => {
  const definition = new Map<string, unknown>(Object.entries(schema._zod.def));
  return wrapping.flatMap((name) => definition.get(name)).filter(isSchema);
};

const useOf = (schema: Schema): PersonalUse | undefined =>
  personalUse(schema) ??
  partsOf(schema)
    .map(useOf)
    .find((use) => use !== undefined);

const fieldsOf = (schema: Schema, path: string, from: PersonalUse | undefined): NamedField[] => {
  const inherited = from ?? personalUse(schema);
  const own = schema instanceof z.ZodObject ? Object.entries<Schema>(schema.shape) : [];
  return [
    ...own.flatMap(([name, field]) => {
      const use = inherited ?? (field instanceof z.ZodObject ? personalUse(field) : useOf(field));
      return [
        { path: `${path}.${name}`, name, schema: field, use, within: inherited },
        ...fieldsOf(field, `${path}.${name}`, use),
      ];
    }),
    ...partsOf(schema).flatMap((part) => fieldsOf(part, path, inherited)),
  ];
};

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)],
  );

const schemasOf = (name: string, exported: unknown): [string, Schema][] => {
  if (isSchema(exported)) return [[name, exported]];
  if (typeof exported !== 'object' || exported === null) return [];
  const { body, query, headers, answers, ...others } = exported as Record<string, unknown>;
  if (answers === undefined) return Object.entries(exported).flatMap(([key, value]) => schemasOf(key, value));
  const asked = [body, query, headers, ...Object.values(others)].filter(isSchema);
  return [
    ...asked.map((schema): [string, Schema] => [`${name} request`, schema]),
    ...Object.values(answers as Record<string, unknown>)
      .filter(isSchema)
      .map((schema): [string, Schema] => [`${name} answer`, schema]),
  ];
};

/** Every field of every contract: of events, calls between services, and requests and answers of the API. */
export const namedFields = (): NamedField[] =>
  filesIn(join(projectFolder, 'lambda', 'contracts'))
    .flatMap((file) => Object.entries<unknown>(require(file)))
    .flatMap(([name, exported]) => schemasOf(name, exported))
    .flatMap(([name, schema]) => fieldsOf(schema, name, undefined));
