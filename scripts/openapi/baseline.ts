import { digestOf, goodAnswers } from './compare';
import { isJson, type Json, part } from './compare-schemas';

const limits = ['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum', 'multipleOf'];
const lengths = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties', 'uniqueItems'];
const keywords = ['$ref', 'type', 'enum', 'const', 'pattern', 'format', 'required', ...limits, ...lengths];
const nested = ['items', 'additionalProperties', 'allOf', 'anyOf', 'oneOf'];

const pick = (value: Json, keys: readonly string[]): Json =>
  Object.fromEntries(keys.filter((key) => value[key] !== undefined).map((key) => [key, value[key]]));

const mapValues = (value: Json, change: (child: Json) => unknown): Json =>
  Object.fromEntries(Object.entries(value).map(([key, child]) => [key, change(child as Json)]));

/** A schema without its prose, examples and defaults. A boolean in its place stays. */
const schemaOf = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(schemaOf);
  if (!isJson(schema)) return schema;
  const fields = isJson(schema.properties) ? { properties: mapValues(schema.properties, schemaOf) } : {};
  return { ...pick(schema, keywords), ...fields, ...mapValues(pick(schema, nested), schemaOf) };
};

const contentOf = (body: Json): Json =>
  body.content === undefined
    ? {}
    : { content: mapValues(part(body, 'content'), ({ schema }) => ({ schema: schemaOf(schema) })) };

const answerOf = (response: Json): Json => {
  const certain = Object.entries(part(response, 'headers')).filter(([, header]) => isJson(header) && header.required);
  const headers = Object.fromEntries(certain.map(([name]) => [name, { required: true }]));
  return { ...(certain.length === 0 ? {} : { headers }), ...contentOf(response) };
};

const operationOf = (operation: Json, document: Json): Json => {
  const { parameters, requestBody, responses } = operation;
  const parameterOf = (one: Json) => ({ ...pick(one, ['in', 'name', 'required']), schema: schemaOf(one.schema) });
  const answers = [...goodAnswers(operation, document)].map(([status, answer]) => [status, answerOf(answer)]);
  return {
    ...pick(operation, ['operationId', 'x-allow', 'security']),
    ...(parameters === undefined ? {} : { parameters: (parameters as Json[]).map(parameterOf) }),
    ...(isJson(requestBody) ? { requestBody: { ...pick(requestBody, ['required']), ...contentOf(requestBody) } } : {}),
    ...(responses === undefined ? {} : { responses: Object.fromEntries(answers) }),
  };
};

/**
 * Returns the part of an OpenAPI document that its clients depend on, which is all that `breakingChanges` reads, and a
 * digest of the whole. It is an OpenAPI document itself.
 */
export const baselineOf = (document: Json): Json => ({
  info: pick(part(document, 'info'), ['version']),
  'x-digest': digestOf(document),
  paths: mapValues(part(document, 'paths'), (item) => mapValues(item, (one) => operationOf(one, document))),
  components: { schemas: mapValues(part(part(document, 'components'), 'schemas'), schemaOf) },
});

const listed = ['schemas', 'parameters', 'responses', 'properties'];

/** Prints JSON with a line for each operation, parameter, answer and field, so that a diff shows which changed. */
export const printBaseline = (value: unknown, indent = '', name = ''): string => {
  const whole = JSON.stringify(value);
  if (!listed.includes(name) && !listed.some((key) => whole.includes(`"${key}":`))) return whole;
  const isList = Array.isArray(value);
  const inner = `${indent}  `;
  const parts = Object.entries(value as Json).map(([key, child]) =>
    isList ? printBaseline(child, inner) : `${JSON.stringify(key)}: ${printBaseline(child, inner, key)}`,
  );
  const long = parts.filter((part) => part.includes('\n'));
  const short = parts.filter((part) => !part.includes('\n'));
  const lines = listed.includes(name) ? parts : [short.join(', '), ...long].filter((line) => line !== '');
  const between = listed.includes(name) || long.length > 1 ? `\n${inner}` : '';
  const text = between + lines.join(`,${between || ' '}`);
  return isList ? `[${text}]` : `{${text}}`;
};
