import { encodingFault } from '../contracts/encoding';
import { maxListed, pointerTo } from './error-list';

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
