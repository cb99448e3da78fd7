import * as z from 'zod';

/** One invalid field of a request. `pointer` is an RFC 6901 JSON pointer into the body. */
export const FieldError = z.object({ pointer: z.string(), detail: z.string() });
export type FieldError = z.infer<typeof FieldError>;

/**
 * The API's problems with their HTTP statuses. The names are stable, because a problem's `type` is
 * `urn:problem:<name>`.
 */
export const problemStatuses = {
  ValidationFailed: 400,
  MalformedJson: 400,
  PayloadTooLarge: 413,
  UnsupportedMediaType: 415,
  ProductNotFound: 404,
  ProductDiscontinued: 409,
  ProductExists: 409,
  CatalogBusy: 409,
  ImageNotFound: 404,
  ImageRefused: 400,
  TooManyImages: 409,
  CategoryNotFound: 404,
  CategoryExists: 409,
  CategoryInUse: 409,
  PriceChanged: 409,
  OrderTooLarge: 400,
  IdempotencyKeyMismatch: 422,
  IdempotencyKeyInUse: 409,
  TokenRequired: 401,
  InvalidToken: 401,
  InvalidCredentials: 401,
  InvalidCode: 400,
  TotpCodeRequired: 401,
  TotpSetupRequired: 403,
  SessionRequired: 401,
  SessionStoreUnavailable: 503,
  CsrfTokenInvalid: 403,
  Forbidden: 403,
  UserNotFound: 404,
  UserExists: 409,
  UserDeleted: 409,
  TenantNotFound: 404,
  TenantExists: 409,
  TenantSuspended: 403,
  StorefrontKeyNotFound: 404,
  TooManyStorefrontKeys: 409,
  PreconditionFailed: 412,
  VersionMismatch: 409,
  InvalidTransition: 400,
  StockNotReserved: 409,
  OrderNotPaid: 409,
  OrderNotShipped: 409,
  OrderServiceUnavailable: 503,
  IdentityServiceUnavailable: 503,
  PaymentServiceUnavailable: 503,
  InsufficientStock: 409,
  StockServiceUnavailable: 503,
  StockNotEmpty: 409,
  TrackingTokenRequired: 401,
  UnknownStorefrontKey: 401,
  OrderNotFound: 404,
  ReturnNotFound: 404,
  ReturnWindowClosed: 409,
  ReturnQuantityExceeded: 409,
  PaymentNotFound: 404,
  PaymentNotCaptured: 409,
  RefundTooLarge: 409,
  TooManyRefunds: 409,
  InvalidSignature: 400,
  AccountCurrency: 409,
  AccountTooLarge: 409,
  AlertNotFound: 404,
  AlertNotRaised: 409,
  ErasureNotFound: 404,
  NotFound: 404,
  MethodNotAllowed: 405,
  TooManyRequests: 429,
  RequestRefused: 403,
  InternalError: 500,
} as const;
export type ProblemName = keyof typeof problemStatuses;

export const problemNames = Object.keys(problemStatuses) as ProblemName[];

/** RFC 9457 problem details, sent as `application/problem+json`. */
export const Problem = z.object({
  type: z.string().startsWith('urn:problem:'),
  title: z.enum(problemNames),
  status: z.int().min(400).max(599),
  detail: z.string(),
  correlationId: z.string().optional(),
  errors: z.array(FieldError).optional(),
  /** The name of the error class, for programs that expect it. */
  error: z.string().optional(),
  /** The current version of the resource. */
  currentVersion: z.int().optional(),
});
export type Problem = z.infer<typeof Problem>;
