import type * as z from 'zod';
import type { ProblemAnswer } from './answer';
import type { Request } from './http';

const maxFieldErrors = 100; // a body of ten thousand wrong fields is not answered with ten thousand lines
const jsonType = /^application\/json\s*(;\s*charset=utf-8\s*)?$/i;

/** RFC 6901. */
const pointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const refuse = (status: number, problem: string, detail: string): ProblemAnswer => ({ status, problem, detail });

/** Every wrong field with where it is; a field that no contract knows is named itself. */
export const fieldErrors = (issues: readonly z.core.$ZodIssue[], root = ''): { pointer: string; detail: string }[] =>
  issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ pointer: root + pointer([...issue.path, key]), detail: 'unknown field' }))
      : [{ pointer: root + pointer(issue.path), detail: issue.message }],
  );

const invalid = (detail: string, issues: readonly z.core.$ZodIssue[], root = ''): ProblemAnswer => ({
  ...refuse(400, 'ValidationFailed', detail),
  errors: fieldErrors(issues, root).slice(0, maxFieldErrors),
});

/** Refuses a body that is not of this type, or larger than `maxBytes`. */
export const refuseBody = (
  request: Request,
  type: { readonly pattern: RegExp; readonly name: string },
  maxBytes: number,
): ProblemAnswer | undefined => {
  if (!type.pattern.test(request.header('content-type') ?? ''))
    return refuse(415, 'UnsupportedMediaType', `Content-Type must be ${type.name}.`);
  if (Buffer.byteLength(request.body) > maxBytes)
    return refuse(413, 'PayloadTooLarge', `The body must not be larger than ${maxBytes} bytes.`);
  return undefined;
};

/** Parses the JSON body by its contract, or says all that is wrong with it. */
export const parseBody = <Body>(request: Request, schema: z.ZodType<Body>): { body: Body } | ProblemAnswer => {
  const refused = refuseBody(request, { pattern: jsonType, name: 'application/json' }, 64 * 1024);
  if (refused !== undefined) return refused;
  let json: unknown;
  try {
    json = JSON.parse(request.body);
  } catch {
    return refuse(400, 'MalformedJson', 'The body is not valid JSON.');
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? { body: parsed.data } : invalid('The body has wrong fields.', parsed.error.issues);
};

/** Parses the query parameters by their contract, or says all that is wrong with them. */
export const parseQuery = <Query>(request: Request, schema: z.ZodType<Query>): { query: Query } | ProblemAnswer => {
  const parsed = schema.safeParse(request.query);
  return parsed.success
    ? { query: parsed.data }
    : invalid('The query has wrong parameters.', parsed.error.issues, '/query');
};

const strongTag = /^"([1-9]\d{0,14})"$/;

/** The version that `If-Match` names, nothing when it is not sent. A tag that no answer of ours had matches nothing. */
export const parseIfMatch = (request: Request): { version: number | undefined } | ProblemAnswer => {
  const given = request.header('if-match');
  if (given === undefined || given === '*') return { version: undefined };
  const [, version] = strongTag.exec(given) ?? [];
  if (version !== undefined) return { version: Number(version) };
  const errors = [{ pointer: '/headers/If-Match', detail: 'must be the ETag of one version, such as "3"' }];
  return { ...refuse(400, 'ValidationFailed', 'The header If-Match is wrong.'), errors };
};

/** The entity tag of a version, or of what else an answer depends on. */
export const etag = (version: number | string): { etag: string } => ({ etag: `"${version}"` });
