import type * as z from 'zod';
import { decodeText, encodingFault } from '../../contracts/files/encoding';
import { hasCardNumber } from '../../contracts/values/card-number';
import { type ProblemAnswer, refuse, wrongFields } from './answer';
import { bodyLength, type Incoming, mediaTypeOf } from './request';

type FieldError = { readonly pointer: string; readonly detail: string };
type Place = { readonly value: unknown; readonly path: Path | undefined };
/** A path as a linked list from its end, so that deep nesting costs one cell per level. */
type Path = { readonly part: string; readonly above: Path | undefined };

const suspicious = /\ufffd|\\u(?:fffd|d[89a-f])/i; // itself, or an escape of it or of a surrogate
const maxDepth = 32; // of a pointer; every contract is shallower

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

/** Returns the first faulty fields of a JSON value, in no order, in linear time. */
const faultsIn = (json: unknown, faultOf: FaultOf): FieldError[] => {
  const pending: Place[] = [{ value: json, path: undefined }];
  const faults: FieldError[] = [];
  for (let place = pending.pop(); place !== undefined && faults.length < maxListed; place = pending.pop()) {
    const detail = faultOf(place);
    if (detail !== undefined) faults.push({ pointer: pointerOf(place.path), detail });
    for (const member of membersOf(place)) pending.push(member);
  }
  return faults;
};

/**
 * Returns the first fields, in no order, whose name or text has U+FFFD or half of a surrogate pair; `json` is the
 * parsed `body`. Takes linear time, and almost none for bodies without such characters.
 */
const textFaults = (body: string, json: unknown): FieldError[] =>
  suspicious.test(body) ? faultsIn(json, encodingFaultOf) : [];

const prototype = /__proto__|\\u00(?:5f|6f|7[024])/i; // itself, or an escape of one of its letters

const prototypeFaultOf: FaultOf = ({ path }) => (path?.part === '__proto__' ? 'unknown field' : undefined);

/**
 * Returns the first fields named `__proto__`: no contract has one, and zod's records drop it silently. Takes linear
 * time, and almost none for bodies without the word.
 */
const prototypeFaults = (body: string, json: unknown): FieldError[] =>
  prototype.test(body) ? faultsIn(json, prototypeFaultOf) : [];

/** How many wrong fields a response lists at most. */
export const maxListed = 50;
const maxPart = 100;

/** Shortens a caller's text so that a response or a log line can repeat it. A text with a card number becomes `…`. */
const shorten = (text: string): string => {
  const start = text.slice(0, maxPart).toWellFormed();
  if (hasCardNumber(start)) return '…';
  return text.length > maxPart ? `${start}…` : text;
};

/** Returns a JSON pointer (RFC 6901), with long names shortened. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${shorten(String(part)).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const sizeOf = (issue: z.core.$ZodIssue): number => (issue.code === 'unrecognized_keys' ? issue.keys.length : 1);

/** Returns how many fields are wrong, listed or not. */
const countErrors = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((total, issue) => total + sizeOf(issue), 0);

/** Returns the first wrong fields with their pointers, one entry per unknown field. */
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

/** Returns a sentence for the detail when fewer than `count` errors are listed, else an empty string. */
export const leftOut = (count: number, listed = maxListed): string =>
  count > listed ? ` The first ${listed} of ${count} errors are listed.` : '';

const maxJsonBytes = 64 * 1024;
const utf8: readonly (string | undefined)[] = [undefined, 'utf-8', 'utf8', 'us-ascii'];

const invalid = (detail: string, issues: readonly z.core.$ZodIssue[], root = ''): ProblemAnswer =>
  wrongFields(fieldErrors(issues, root), detail + leftOut(countErrors(issues)));

/** Returns 415 when the body's media type is not `type`, 413 when it is larger than `maxBytes`. */
export const refuseBody = (request: Incoming, type: string, maxBytes: number): ProblemAnswer | undefined => {
  if (mediaTypeOf(request.header('content-type'))?.type !== type)
    return refuse('UnsupportedMediaType', `Content-Type must be ${type}.`);
  if (bodyLength(request) > maxBytes)
    return refuse('PayloadTooLarge', `The body must not be larger than ${maxBytes} bytes.`);
  return undefined;
};

/** Refuses a body that is not UTF-8, the only encoding of JSON by RFC 8259. */
const refuseEncoding = ({ header, bytes }: Incoming): ProblemAnswer | undefined => {
  const charset = mediaTypeOf(header('content-type'))?.charset;
  if (!utf8.includes(charset))
    return refuse('UnsupportedMediaType', `JSON is sent as UTF-8, not as ${shorten(charset ?? '')}.`);
  const decoded = bytes === undefined ? { text: '' } : decodeText(bytes);
  return 'refused' in decoded
    ? refuse('MalformedJson', `The body ${decoded.refused}. JSON is sent as UTF-8.`)
    : undefined;
};

const refuseLostText = (body: string, json: unknown): ProblemAnswer | undefined => {
  const errors = textFaults(body, json);
  if (errors.length === 0) return undefined;
  const detail = 'The body has text that is not whole: send it as UTF-8 (and not as Shift_JIS, for example).';
  return wrongFields(errors, detail);
};

const refusePrototype = (body: string, json: unknown): ProblemAnswer | undefined => {
  const errors = prototypeFaults(body, json);
  return errors.length === 0 ? undefined : wrongFields(errors);
};

/** Parses the JSON body by its contract. Returns a 400, 413 or 415 problem when it is wrong. */
export const parseBody = <Body>(request: Incoming, schema: z.ZodType<Body>): { body: Body } | ProblemAnswer => {
  const refused = refuseBody(request, 'application/json', maxJsonBytes) ?? refuseEncoding(request);
  if (refused !== undefined) return refused;
  let json: unknown;
  try {
    json = JSON.parse(request.body);
  } catch {
    return refuse('MalformedJson', 'The body is not valid JSON.');
  }
  const unreadable = refuseLostText(request.body, json) ?? refusePrototype(request.body, json);
  if (unreadable !== undefined) return unreadable;
  const parsed = schema.safeParse(json);
  return parsed.success ? { body: parsed.data } : invalid('The body has wrong fields.', parsed.error.issues);
};

/** Parses the query parameters by their contract. Returns a 400 problem that lists every wrong one. */
export const parseQuery = <Query>(request: Incoming, schema: z.ZodType<Query>): { query: Query } | ProblemAnswer => {
  const parsed = schema.safeParse(request.query);
  return parsed.success
    ? { query: parsed.data }
    : invalid('The query has wrong parameters.', parsed.error.issues, '/query');
};

const strongTag = /^"([1-9]\d{0,14})"$/;

/** Returns the version in `If-Match`, undefined when it is absent or `*`, and a 400 problem for any other tag. */
export const parseIfMatch = (request: Incoming): { version: number | undefined } | ProblemAnswer => {
  const given = request.header('if-match');
  if (given === undefined || given === '*') return { version: undefined };
  const [, version] = strongTag.exec(given) ?? [];
  if (version !== undefined) return { version: Number(version) };
  const errors = [{ pointer: '/headers/If-Match', detail: 'must be the ETag of one version, such as "3"' }];
  return wrongFields(errors, 'The header If-Match is wrong.');
};

/** Returns the entity tag of a version, or of another value that the response depends on. */
export const etag = (version: number | string): { etag: string } => ({ etag: `"${version}"` });
