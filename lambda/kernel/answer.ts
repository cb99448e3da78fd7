/** An error that the caller may see. `name` becomes the problem's `type` and `title`. */
export type ProblemAnswer = {
  readonly status: number;
  readonly problem: string;
  readonly detail: string;
  readonly errors?: readonly { pointer: string; detail: string }[];
  /** More members of the problem, by RFC 9457: what a program needs to go on, such as `currentVersion`. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Record<string, string>;
};

/** A body is sent as JSON, unless `headers` names another `content-type`: then it is a string, sent as it is. */
export type Answer =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | ProblemAnswer;

export const isProblem = (value: unknown): value is ProblemAnswer =>
  typeof value === 'object' && value !== null && 'problem' in value;
