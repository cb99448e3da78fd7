import type * as z from 'zod';
import { hasCardNumber } from '../../contracts/card-number';
import { decodeText, encodingFault } from '../../contracts/encoding';
import type { ProblemAnswer, Request } from './http';
import { bodyLength, mediaTypeOf } from './request';

type FieldError = { readonly pointer: string; readonly detail: string };
type Place = { readonly value: unknown; readonly path: Path | undefined };
/** A path as a list from its end: nesting of any depth costs one cell a level. */
type Path = { readonly part: string; readonly above: Path | undefined };

const suspicious = /\ufffd|\\u(?:fffd|d[89a-f])/i; // itself, or an escape of it or of a surrogate
const maxDepth = 32; // of a pointer: no contract is so deep

const pointerOf = (path: Path | undefined): string => {
  const parts: string[] = [];
  for (let at = path; at !== undefined && parts.length < maxDepth; at = at.above) parts.unshift(at.part);
  return pointerTo(parts);
};

const membersOf = ({ value, path }: Place): Place[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).map(([part, member]) => ({ value: member, path: { part, above: path } }))
    : [];

type FaultOf = (place: Place) => string | undefined;

const encodingFaultOf: FaultOf = ({ value, path }) =>
  encodingFault(path?.part ?? '') ?? (typeof value === 'string' ? encodingFault(value) : undefined);

/** The fields of a JSON value with a fault, in no order: the first of them. Work is linear in the value. */
const faultsIn = (json: unknown, faultOf: FaultOf): FieldError[] => {
  const open: Place[] = [{ value: json, path: undefined }];
  const faults: FieldError[] = [];
  for (let place = open.pop(); place !== undefined && faults.length < maxListed; place = open.pop()) {
    const detail = faultOf(place);
    if (detail !== undefined) faults.push({ pointer: pointerOf(place.path), detail });
    for (const member of membersOf(place)) open.push(member);
  }
  return faults;
};

/**
 * Where a JSON body has U+FFFD or half of a surrogate pair, in a string or a name; `json` is what `body` says. The first
 * fields are listed, in no order. Work is linear in the body, and nothing at all for bodies without such characters.
 */
export const textFaults = (body: string, json: unknown): FieldError[] =>
  suspicious.test(body) ? faultsIn(json, encodingFaultOf) : [];

const prototype = /__proto__|\\u00(?:5f|6f|7[024])/i; // itself, or an escape of one of its letters

const prototypeFaultOf: FaultOf = ({ path }) => (path?.part === '__proto__' ? 'unknown field' : undefined);

/**
 * Where a JSON body has a field `__proto__`: no contract has one, and records of free names lose it without a word. The
 * first are listed. Work is linear in the body, and nothing at all for bodies without the word.
 */
export const prototypeFaults = (body: string, json: unknown): FieldError[] =>
  prototype.test(body) ? faultsIn(json, prototypeFaultOf) : [];

/** How many wrong fields an answer lists: a body of ten thousand is not answered with ten thousand lines. */
export const maxListed = 50;
const maxPart = 100;

/** A text that a caller made up, short enough to be repeated in an answer or a log line, never a card number. */
export const shorten = (text: string): string => {
  const start = text.slice(0, maxPart).toWellFormed();
  if (hasCardNumber(start)) return '…';
  return text.length > maxPart ? `${start}…` : text;
};

/** RFC 6901, with names that are too long to repeat cut off. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${shorten(String(part)).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const sizeOf = (issue: z.core.$ZodIssue): number => (issue.code === 'unrecognized_keys' ? issue.keys.length : 1);

/** How many fields are wrong, be they listed or not. */
export const countErrors = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((total, issue) => total + sizeOf(issue), 0);

/** The first wrong fields with where they are; a field that no contract knows is named itself. */
export const fieldErrors = (issues: readonly z.core.$ZodIssue[], root = '', limit = maxListed): FieldError[] => {
  const errors: FieldError[] = [];
  for (const issue of issues) {
    if (errors.length >= limit) break;
    if (issue.code !== 'unrecognized_keys')
      errors.push({ pointer: root + pointerTo(issue.path), detail: issue.message });
    else
      for (const key of issue.keys.slice(0, limit - errors.length))
        errors.push({ pointer: root + pointerTo([...issue.path, key]), detail: 'unknown field' });
  }
  return errors;
};

/** The sentence that says so when not all of `count` errors are listed, to be appended to the detail. */
export const leftOut = (count: number, listed = maxListed): string =>
  count > listed ? ` The first ${listed} of ${count} errors are listed.` : '';

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
