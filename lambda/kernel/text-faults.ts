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

const faultOf = ({ value, path }: Place): string | undefined =>
  encodingFault(path?.part ?? '') ?? (typeof value === 'string' ? encodingFault(value) : undefined);

/**
 * Where a JSON body has U+FFFD or half of a surrogate pair, in a string or a name; `json` is what `body` says. The first
 * fields are listed, in no order. Work is linear in the body, and nothing at all for bodies without such characters.
 */
export const textFaults = (body: string, json: unknown): FieldError[] => {
  const open: Place[] = suspicious.test(body) ? [{ value: json, path: undefined }] : [];
  const faults: FieldError[] = [];
  for (let place = open.pop(); place !== undefined && faults.length < maxListed; place = open.pop()) {
    const detail = faultOf(place);
    if (detail !== undefined) faults.push({ pointer: pointerOf(place.path), detail });
    for (const member of membersOf(place)) open.push(member);
  }
  return faults;
};
