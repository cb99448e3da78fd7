import * as z from 'zod';

/** One wrong field of a request. `pointer` is an RFC 6901 JSON pointer into the body. */
export const FieldError = z.object({ pointer: z.string(), detail: z.string() });
export type FieldError = z.infer<typeof FieldError>;

/** Stable names of everything that the API refuses; `type` of a problem is `urn:problem:<name>`. */
export const problemNames = [
  'ValidationFailed',
  'MalformedJson',
  'PayloadTooLarge',
  'UnsupportedMediaType',
  'ProductNotFound',
  'ProductDiscontinued',
  'PriceChanged',
  'OrderTooLarge',
  'IdempotencyKeyMismatch',
  'IdempotencyKeyInUse',
  'TrackingTokenRequired',
  'UnknownStorefrontKey',
  'OrderNotFound',
  'NotFound',
  'TooManyRequests',
  'RequestRefused',
  'InternalError',
] as const;
export type ProblemName = (typeof problemNames)[number];

/** RFC 9457 problem details, sent as `application/problem+json`. */
export const Problem = z.object({
  type: z.string().startsWith('urn:problem:'),
  title: z.enum(problemNames),
  status: z.int().min(400).max(599),
  detail: z.string(),
  correlationId: z.string().optional(),
  errors: z.array(FieldError).optional(),
});
export type Problem = z.infer<typeof Problem>;
