import type * as z from 'zod';
import type { Api } from '../lambda/contracts/api/api';
import type { TextContent } from '../lambda/contracts/api/operation';
import type { Problem, ProblemName, problemStatuses } from '../lambda/contracts/api/problem';
import type { Operation, routes } from '../lambda/contracts/api/routes';

type Contract<Name extends Operation> = Api[Name];

type ParameterNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterNames<Rest>
  : never;

/** Names of an object whose values need not be given. */
type Optional<Value> =
  Record<string, never> extends Value ? true : { [Key in keyof Value]?: unknown } extends Value ? true : false;

type Part<Name extends string, Value> =
  Optional<Value> extends true ? { readonly [Key in Name]?: Value } : { readonly [Key in Name]: Value };

type ParamsOf<Name extends Operation> = [ParameterNames<(typeof routes)[Name]['path']>] extends [never]
  ? unknown
  : { readonly params: { readonly [Key in ParameterNames<(typeof routes)[Name]['path']>]: string } };

type QueryOf<One> = One extends { readonly query: infer Schema extends z.ZodType }
  ? Part<'query', z.input<Schema>>
  : unknown;

type Versions<One> = One extends { readonly etag: true }
  ? { readonly 'If-Match'?: string; readonly 'If-None-Match'?: string }
  : unknown;

type HeadersOf<One> = One extends { readonly headers: infer Schema extends z.ZodType }
  ? Part<'headers', z.input<Schema> & Versions<One>>
  : { readonly headers?: Versions<One> };

type BodyOf<One> = One extends { readonly body: infer Body }
  ? Body extends z.ZodType
    ? undefined extends z.input<Body>
      ? { readonly body?: z.input<Body> }
      : { readonly body: z.input<Body> }
    : Body extends TextContent
      ? { readonly body: string; readonly contentType: Body['contentType'] }
      : never
  : unknown;

/** What an operation takes: `{ params, query, headers, body }`, as far as its contract has them. */
export type RequestOf<Name extends Operation> = ParamsOf<Name> &
  QueryOf<Contract<Name>> &
  HeadersOf<Contract<Name>> &
  BodyOf<Contract<Name>>;

type Shown<Body> = Body extends z.ZodType ? z.output<Body> : Body extends TextContent ? string : undefined;

type GoodAnswer<Answers> = {
  [Status in keyof Answers & number]: {
    readonly status: Status;
    readonly headers: Headers;
    readonly body: Shown<Answers[Status]>;
  };
}[keyof Answers & number];

type NotModified<One> = One extends { readonly etag: true }
  ? { readonly status: 304; readonly headers: Headers; readonly body: undefined }
  : never;

/** Any operation may be refused; the problem's `title` says why. */
type Refusal<Taken> = {
  readonly status: Exclude<(typeof problemStatuses)[ProblemName] | 504, Taken>;
  readonly headers: Headers;
  readonly body: Problem;
};

/** What an operation answers, told apart by `status`. */
export type AnswerOf<Name extends Operation> =
  Contract<Name> extends { readonly answers: infer Answers }
    ? GoodAnswer<Answers> | NotModified<Contract<Name>> | Refusal<keyof Answers>
    : never;

type Arguments<Request> = Optional<Request> extends true ? [request?: Request] : [request: Request];

/** A method for each operation of the API. */
export type Client = {
  readonly [Name in Operation]: (...request: Arguments<RequestOf<Name>>) => Promise<AnswerOf<Name>>;
};
