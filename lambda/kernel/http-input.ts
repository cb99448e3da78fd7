import type * as z from 'zod';
import { decodeText } from '../contracts/encoding';
import type { ProblemAnswer } from './answer';
import { countErrors, fieldErrors, leftOut, shorten } from './error-list';
import type { Request } from './http';
import { bodyLength } from './http-request';
import { mediaTypeOf } from './media-type';
import { prototypeFaults, textFaults } from './text-faults';

const maxJsonBytes = 64 * 1024;
const utf8: readonly (string | undefined)[] = [undefined, 'utf-8', 'utf8', 'us-ascii'];

const refuse = (status: number, problem: string, detail: string): ProblemAnswer => ({ status, problem, detail });

const invalid = (detail: string, issues: readonly z.core.$ZodIssue[], root = ''): ProblemAnswer => ({
  ...refuse(400, 'ValidationFailed', detail + leftOut(countErrors(issues))),
  errors: fieldErrors(issues, root),
});

/** Refuses a body that is not of this media type, whatever its parameters, or larger than `maxBytes`. */
export const refuseBody = (request: Request, type: string, maxBytes: number): ProblemAnswer | undefined => {
  if (mediaTypeOf(request.header('content-type'))?.type !== type)
    return refuse(415, 'UnsupportedMediaType', `Content-Type must be ${type}.`);
  if (bodyLength(request) > maxBytes)
    return refuse(413, 'PayloadTooLarge', `The body must not be larger than ${maxBytes} bytes.`);
  return undefined;
};

/** Refuses what is no JSON in UTF-8: RFC 8259 knows no other encoding. */
const refuseEncoding = ({ header, bytes }: Request): ProblemAnswer | undefined => {
  const charset = mediaTypeOf(header('content-type'))?.charset;
  if (!utf8.includes(charset))
    return refuse(415, 'UnsupportedMediaType', `JSON is sent as UTF-8, not as ${shorten(charset ?? '')}.`);
  const decoded = bytes === undefined ? { text: '' } : decodeText(bytes);
  return 'refused' in decoded
    ? refuse(400, 'MalformedJson', `The body ${decoded.refused}. JSON is sent as UTF-8.`)
    : undefined;
};

const refuseLostText = (body: string, json: unknown): ProblemAnswer | undefined => {
  const errors = textFaults(body, json);
  if (errors.length === 0) return undefined;
  const detail = 'The body has text that is not whole: send it as UTF-8 (and not as Shift_JIS, for example).';
  return { ...refuse(400, 'ValidationFailed', detail), errors };
};

const refusePrototype = (body: string, json: unknown): ProblemAnswer | undefined => {
  const errors = prototypeFaults(body, json);
  return errors.length === 0 ? undefined : { ...refuse(400, 'ValidationFailed', 'The body has wrong fields.'), errors };
};

/** Parses the JSON body by its contract, or says what is wrong with it. */
export const parseBody = <Body>(request: Request, schema: z.ZodType<Body>): { body: Body } | ProblemAnswer => {
  const refused = refuseBody(request, 'application/json', maxJsonBytes) ?? refuseEncoding(request);
  if (refused !== undefined) return refused;
  let json: unknown;
  try {
    json = JSON.parse(request.body);
  } catch {
    return refuse(400, 'MalformedJson', 'The body is not valid JSON.');
  }
  const unreadable = refuseLostText(request.body, json) ?? refusePrototype(request.body, json);
  if (unreadable !== undefined) return unreadable;
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
