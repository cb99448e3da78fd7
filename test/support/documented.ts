import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { type Operation, routes } from '../../lambda/contracts/api/routes';
import { openApiDocument } from '../../scripts/openapi/document';

type Json = Record<string, unknown>;
type Described = { readonly headers?: Json; readonly content?: Readonly<Record<string, { schema?: Json }>> };

/** What a test got from the API. */
export type Seen = {
  readonly operation: Operation;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
};

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** The same schema, in which an object has no fields but those that it names. The document itself leaves answers open. */
const closed = (schema: unknown, part = false): unknown => {
  if (Array.isArray(schema)) return schema.map((one) => closed(one, part));
  if (!isJson(schema)) return schema;
  const parts = Object.entries(schema).map(([key, value]) => [key, closed(value, key === 'allOf')]);
  const open = 'properties' in schema && !('additionalProperties' in schema) && !part;
  return { ...Object.fromEntries(parts), ...(open ? { unevaluatedProperties: false } : {}) };
};

const read = () => {
  const document = openApiDocument() as unknown as { components: { schemas: Json; responses: Json }; paths: Json };
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ $id: 'api', components: { schemas: closed(document.components.schemas) } });
  return { document, ajv, compiled: new Map<string, ValidateFunction>() };
};

let reading: ReturnType<typeof read> | undefined; // a test file that calls nothing does not wait for it
const published = () => {
  reading ??= read();
  return reading;
};

const descriptionOf = (operation: Operation, status: number): Described | undefined => {
  const { method, path } = routes[operation];
  const { document } = published();
  const route = (document.paths[path] as Json)[method.toLowerCase()] as { responses: Record<string, Json> };
  const response = route.responses[String(status)];
  const ref = String(response?.$ref ?? '');
  return ref === '' ? response : (document.components.responses[ref.split('/').at(-1) ?? ''] as Described);
};

const referring = (schema: Json): Json => JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/', '"api#/'));

const validatorOf = (key: string, schema: Json): ValidateFunction => {
  const { ajv, compiled } = published();
  const validate = compiled.get(key) ?? ajv.compile(referring(schema));
  compiled.set(key, validate);
  return validate;
};

const mediaType = (value: unknown) => String(value ?? '').split(';')[0];

const matches = (described: string, given: string | undefined) =>
  mediaType(described) === given || (described.endsWith('/*') && given?.startsWith(described.slice(0, -1)));

const wrongBody = ({ operation, status, headers, body }: Seen, { content = {} }: Described): string[] => {
  const given = mediaType(headers['content-type']);
  const types = Object.keys(content);
  if (types.length === 0) return body === undefined ? [] : ['a body, though none is documented'];
  const type = types.find((described) => matches(described, given));
  if (type === undefined) return [`the content type ${given} instead of ${types.join(' or ')}`];
  const validate = validatorOf(`${operation} ${status} ${type}`, content[type]?.schema ?? {});
  if (validate(body)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath || 'the body'} ${message} ${JSON.stringify(params)}`.trim(),
  );
};

const missingHeaders = ({ headers }: Seen, { headers: described = {} }: Described): string[] =>
  Object.entries(described)
    .filter(([name, header]) => (header as Json).required === true && headers[name.toLowerCase()] === undefined)
    .map(([name]) => `no header ${name}`);

/** Fails the test that got an answer whose status, headers or shape the OpenAPI description does not have. */
export const assertDocumented = (seen: Seen): void => {
  const { operation, status, body } = seen;
  const described = descriptionOf(operation, status);
  const wrong =
    described === undefined
      ? ['a status that is not documented']
      : [...missingHeaders(seen, described), ...wrongBody(seen, described)];
  if (wrong.length === 0) return;
  const { method, path } = routes[operation];
  const answer = JSON.stringify(body)?.slice(0, 2000);
  throw new Error(
    `${method} ${path} (${operation}) answered ${status} with ${wrong.join('; ')}.\nThe answer was ${answer}`,
  );
};

const operations = (Object.keys(routes) as Operation[]).map((operation) => {
  const { method, path } = routes[operation];
  const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
  return { operation, method, pattern, literal: !path.includes('{') };
});

/** Which operation a method and a path belong to: `/users/me` before `/users/{userId}`. */
export const operationAt = (method: string, pathAndQuery: string): Operation | undefined => {
  const [path = ''] = pathAndQuery.split('?');
  const found = operations.filter((one) => one.method === method && one.pattern.test(path));
  return (found.find(({ literal }) => literal) ?? found[0])?.operation;
};
