import { createHash } from 'node:crypto';
import { gaps, isJson, type Json, part, resolve } from './compare-schemas';

type Operation = { readonly before: Json; readonly after: Json; readonly name: string };
type Documents = { readonly before: Json; readonly after: Json };

const methods = ['get', 'post', 'put', 'patch', 'delete'];
const wider = ['own', 'tenant', 'all'];

const operationsOf = (document: Json): Map<string, Json> =>
  new Map(
    Object.entries(part(document, 'paths')).flatMap(([path, item]) =>
      methods
        .filter((method) => isJson(item) && method in item)
        .map((method) => [`${method.toUpperCase()} ${path}`, part(item, method)] as const),
    ),
  );

const callers = ({ before, after, name }: Operation): string[] => {
  const [was, is] = [part(before, 'x-allow'), part(after, 'x-allow')];
  const less = Object.keys(was).filter((role) => wider.indexOf(String(is[role])) < wider.indexOf(String(was[role])));
  const offered = new Set((after.security as unknown[] | undefined)?.map((one) => JSON.stringify(one)));
  const gone = ((before.security as unknown[] | undefined) ?? []).filter((one) => !offered.has(JSON.stringify(one)));
  return [
    ...(before.operationId === after.operationId ? [] : [`${name}: is now called ${after.operationId}`]),
    ...less.map((role) => `${name}: ${role} reaches less than before`),
    ...gone.map((one) => `${name}: ${JSON.stringify(one)} is no longer enough to call it`),
  ];
};

const parametersOf = (operation: Json): Map<string, Json> =>
  new Map(((operation.parameters ?? []) as Json[]).map((one) => [`${one.in} parameter ${one.name}`, one]));

const parameters = ({ before, after, name }: Operation, { before: givenIn, after: takenIn }: Documents): string[] => {
  const [was, is] = [parametersOf(before), parametersOf(after)];
  const gone = [...was.keys()].filter((key) => !is.has(key));
  const demanded = [...is].filter(([key, { required }]) => required === true && was.get(key)?.required !== true);
  const narrower = [...was].flatMap(([key, { schema }]) => {
    const taken = is.get(key)?.schema;
    const at = `${name}: ${key}`;
    return isJson(taken) && isJson(schema) ? gaps({ given: schema, taken, givenIn, takenIn, at }) : [];
  });
  return [
    ...gone.map((key) => `${name}: ${key} is not taken any more`),
    ...demanded.map(([key]) => `${name}: ${key} is now required`),
    ...narrower,
  ];
};

const bodies = ({ before, after, name }: Operation, { before: givenIn, after: takenIn }: Documents): string[] => {
  const [was, is] = [part(before, 'requestBody'), part(after, 'requestBody')];
  const required = is.required === true && was.required !== true ? [`${name}: now requires a body`] : [];
  const types = Object.entries(part(was, 'content')).flatMap(([type, media]) => {
    const taken = part(is, 'content')[type];
    if (taken === undefined) return [`${name}: takes ${type} no more`];
    return gaps({ given: part(media, 'schema'), taken: part(taken, 'schema'), givenIn, takenIn, at: `${name}: body` });
  });
  return [...required, ...types];
};

/** The answers below 400 by their status. */
export const goodAnswers = (operation: Json, document: Json): Map<string, Json> =>
  new Map(
    Object.entries(part(operation, 'responses'))
      .filter(([status]) => Number(status) < 400)
      .map(([status, response]) => [status, resolve(response as Json, document)]),
  );

const headersGone = (was: Json, is: Json): string[] => {
  const now = part(is, 'headers');
  const certain = Object.entries(part(was, 'headers')).filter(
    ([, header]) => isJson(header) && header.required === true,
  );
  return certain.map(([name]) => name).filter((name) => !isJson(now[name]) || now[name].required !== true);
};

const answers = ({ before, after, name }: Operation, { before: takenIn, after: givenIn }: Documents): string[] => {
  const [was, is] = [goodAnswers(before, takenIn), goodAnswers(after, givenIn)];
  const gone = [...was.keys()].filter((status) => !is.has(status));
  const shapes = [...is].flatMap(([status, response]) => {
    const known = was.get(status);
    if (known === undefined) return [`${name}: answers ${status}, which nobody knows`];
    const content = Object.entries(part(response, 'content')).flatMap(([type, media]) => {
      const taken = part(known, 'content')[type];
      const at = `${name}: answer ${status}`;
      if (taken === undefined) return [`${at}: comes as ${type}`];
      return gaps({ given: part(media, 'schema'), taken: part(taken, 'schema'), givenIn, takenIn, at });
    });
    return [...content, ...headersGone(known, response).map((header) => `${name}: answer ${status}: no ${header}`)];
  });
  return [...gone.map((status) => `${name}: answers ${status} no more`), ...shapes];
};

/**
 * Every change between two OpenAPI documents that breaks a client of the first: what it may send is refused, what it may
 * get is something that it does not know. New operations, optional inputs, fields in answers and refusals break nothing.
 */
export const breakingChanges = (before: Json, after: Json): string[] => {
  const now = operationsOf(after);
  const documents = { before, after };
  return [...operationsOf(before)].flatMap(([name, was]) => {
    const is = now.get(name);
    if (is === undefined) return [`${name}: is gone`];
    const operation = { before: was, after: is, name };
    return [callers(operation), ...[parameters, bodies, answers].map((one) => one(operation, documents))].flat();
  });
};

const versionOf = (document: Json): readonly number[] => String(part(document, 'info').version).split('.').map(Number);

const raised = ([major = 0, minor = 0, patch = 0]: readonly number[], [a = 0, b = 0, c = 0]: readonly number[]) =>
  major - a || minor - b || patch - c;

/** Identifies all that a document says but its title, version and introduction. */
export const digestOf = ({ info: _info, ...content }: Json): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex');

/** Returns what is wrong with the version of a document that follows a baseline. Empty when its changes allow it. */
export const versionProblems = (published: Json, next: Json): string[] => {
  const breaks = breakingChanges(published, next);
  const [was, is] = [versionOf(published), versionOf(next)];
  if (breaks.length > 0 && (is[0] ?? 0) <= (was[0] ?? 0))
    return breaks.map((change) => `breaks clients of version ${was.join('.')}: ${change}`);
  if (published['x-digest'] !== digestOf(next) && raised(is, was) <= 0)
    return [`version ${was.join('.')} is published and says something else: raise apiVersion`];
  return [];
};
