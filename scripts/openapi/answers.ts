import * as z from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { api } from '../../lambda/contracts/api/api';
import { answerHeaders, type OperationContract } from '../../lambda/contracts/api/operation';
import { Problem, type ProblemName } from '../../lambda/contracts/api/problem';
import { type Policy, routes } from '../../lambda/contracts/api/routes';
import { examples } from './examples';
import { problemsOf } from './problems';

const meanings: Readonly<Record<number, string>> = {
  200: 'Done.',
  201: 'Created.',
  202: 'Accepted: the work goes on.',
  204: 'Done; there is nothing to show.',
  304: 'The version that the caller has is the newest.',
  400: 'The request is wrong; `errors` names each wrong field.',
  401: 'The credentials are missing, or good for nothing.',
  403: 'The caller may not do this.',
  404: 'There is no such thing, or it is not the caller’s.',
  409: 'It contradicts the state of things.',
  412: 'There is a newer version than the one that If-Match names.',
  413: 'The body is too large.',
  415: 'The body is of another type.',
  422: 'The request cannot be followed.',
  429: 'Too many requests; Retry-After tells when to come again.',
  500: 'A fault of the system.',
  503: 'Something does not answer.',
  504: 'The answer took too long. Ask again, with the same Idempotency-Key.',
};

const text = (description: string) => z.string().meta({ description });

const everyAnswer = { 'X-Correlation-Id': text('Names the request in logs and events.') };

const problemHeaders: Readonly<Record<number, z.ZodRawShape>> = {
  401: { 'WWW-Authenticate': text('How to send a token.').optional() },
  429: { 'Retry-After': text('In how many seconds to come again.') },
};

const problemExamples = (status: number, names: readonly ProblemName[]) =>
  Object.fromEntries(
    names.map((name) => {
      const detail = meanings[status] ?? 'Refused.';
      return [
        name,
        { value: { type: `urn:problem:${name}`, title: name, status, detail, correlationId: 'c0ffee-0001' } },
      ];
    }),
  );

const problemAnswer = (id: string, status: number, names: readonly ProblemName[]): ZodOpenApiResponseObject => ({
  id,
  description: `${meanings[status] ?? 'Refused.'} Problems: ${names.map((name) => `\`${name}\``).join(', ')}.`,
  headers: z.object({ ...problemHeaders[status] }),
  content: {
    'application/problem+json': {
      schema: z.intersection(Problem, z.object({ title: z.enum(names) })),
      examples: problemExamples(status, names),
    },
  },
});

const known = new Map<string, ZodOpenApiResponseObject>();

/** The same object for the same problems: the document shows it once and refers to it. */
const problemsAnswer = (status: number, names: readonly ProblemName[]): ZodOpenApiResponseObject => {
  const id = [`Problem${status}`, ...names].join('.');
  const answer = known.get(id) ?? problemAnswer(id, status, names);
  known.set(id, answer);
  return answer;
};

type Body = OperationContract['answers'][number];

const contentOf = (body: Body, example?: unknown): ZodOpenApiResponseObject['content'] => {
  if (body === null) return undefined;
  return 'contentType' in body
    ? { [body.contentType]: { schema: { type: 'string' } } }
    : { 'application/json': { schema: body, ...(example === undefined ? {} : { example }) } };
};

const goodHeaders = ({ etag, sends = [] }: OperationContract, shows: boolean): z.ZodObject =>
  z.object({
    ...everyAnswer,
    ...(etag && shows ? { ETag: text('The version of what the answer shows.') } : {}),
    ...Object.fromEntries(sends.map((name) => [name, text(answerHeaders[name]).optional()])),
  });

const goodAnswer = (
  contract: OperationContract,
  status: number,
  body: Body,
  example?: unknown,
): ZodOpenApiResponseObject => {
  const alternative =
    status === 200 && contract.orAs ? { [contract.orAs]: { schema: { type: 'string' as const } } } : {};
  const content = contentOf(body, example);
  const description = meanings[status] ?? 'Done.';
  return {
    description,
    headers: goodHeaders(contract, body !== null || status === 304),
    ...(content === undefined ? {} : { content: { ...content, ...alternative } }),
  };
};

const notModified = ({ method }: Policy, contract: OperationContract): ZodOpenApiResponsesObject =>
  contract.etag && method === 'GET' ? { 304: goodAnswer(contract, 304, null) } : {};

/** Every answer that an operation may give, by status. */
export const answersOf = (operation: keyof typeof api): ZodOpenApiResponsesObject => {
  const contract: OperationContract = api[operation];
  const good = Object.entries(contract.answers).map(([status, body]) => [
    status,
    goodAnswer(contract, Number(status), body, Number(status) < 300 ? examples[operation]?.answer : undefined),
  ]);
  const problems = [...problemsOf(operation)].map(([status, names]) => [status, problemsAnswer(status, names)]);
  return { ...Object.fromEntries(problems), ...notModified(routes[operation], contract), ...Object.fromEntries(good) };
};
