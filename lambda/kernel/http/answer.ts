import { type ProblemName, problemStatuses } from '../../contracts/api/problem';

/** An error response. `problem` becomes the `type` and the `title` of the problem details (RFC 9457). */
export type ProblemAnswer = {
  readonly status: number;
  readonly problem: ProblemName;
  readonly detail: string;
  readonly errors?: readonly { pointer: string; detail: string }[] | undefined;
  /** Extension members (RFC 9457) that a client needs to continue, such as `currentVersion`. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Record<string, string>;
};

/** The body is sent as JSON, or as a plain string when `headers` has another `content-type`. */
export type Answer =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | ProblemAnswer;

export const isProblem = (value: unknown): value is ProblemAnswer =>
  typeof value === 'object' && value !== null && 'problem' in value;

/** Returns a problem of the API's contract, with its status. */
export const refuse = (
  problem: ProblemName,
  detail: string,
  more: Pick<ProblemAnswer, 'errors' | 'members' | 'headers'> = {},
): ProblemAnswer => ({ status: problemStatuses[problem], problem, detail, ...more });

/** Returns the problem of a request with wrong fields. */
export const wrongFields = (errors: ProblemAnswer['errors'], detail = 'The body has wrong fields.'): ProblemAnswer =>
  refuse('ValidationFailed', detail, { errors });

/** Returns the 412 of a change whose `If-Match` names another version than the current one. */
export const preconditionFailed = (detail: string, currentVersion?: number): ProblemAnswer =>
  refuse('PreconditionFailed', detail, { members: { currentVersion } });

/** Returns the 409 of a change of another version than the current one. The caller may retry with `currentVersion`. */
export const versionMismatch = (detail: string, currentVersion?: number): ProblemAnswer =>
  refuse('VersionMismatch', detail, { members: { error: 'VersionMismatchError', currentVersion } });

/** The versions that a change is based on, in the header `If-Match` and in the body. */
export type ExpectedVersions = { readonly ifMatch: number | undefined; readonly expected: number | undefined };

/** Returns a problem when a change is based on another version than the current one. */
export const refuseStale = (
  { ifMatch, expected }: ExpectedVersions,
  version: number,
  details: Readonly<Record<keyof ExpectedVersions, string>>,
): ProblemAnswer | undefined => {
  if (ifMatch !== undefined && ifMatch !== version) return preconditionFailed(details.ifMatch, version);
  return expected !== undefined && expected !== version ? versionMismatch(details.expected, version) : undefined;
};
