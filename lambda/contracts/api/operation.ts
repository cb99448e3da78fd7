import type * as z from 'zod';
import type { ProblemName } from './problem';

/** The groups of operations, in the order of the API's page. */
export const tags = {
  Orders: 'Placing orders and following them until they are delivered.',
  Payments: 'Payments of orders, refunds, disputes and customer balances.',
  Returns: 'Returns of goods of delivered orders.',
  Inventory: 'The stock of each product and its movements.',
  Products: 'The catalog, its images, and its import from a CSV file.',
  Categories: 'The categories of products.',
  Alerts: 'Problems of orders with their payments, or of stock, and who works on them.',
  'Sign-in': 'Accounts of customers: signing up, logging in and out, forgotten passwords.',
  Users: 'The users of a tenant and their roles.',
  Privacy: 'What is held about a person, and its erasure.',
  Tenants: 'The shops of a platform, their settings and storefront keys.',
  System: 'The health of the system and the description of the API.',
} as const;
type Tag = keyof typeof tags;

/** A body that is not JSON: `text/csv`, `text/html`. */
export type TextContent = { readonly contentType: string };

/** Headers of answers with their descriptions. */
export const answerHeaders = {
  Location: 'The path of the new resource.',
  'Idempotency-Replayed': '`true` when this is the stored answer to the same earlier request.',
  'Set-Cookie': 'The cookie `sid`: set, changed or removed.',
  'Preference-Applied': 'The preference of the request that was applied.',
} as const;

/**
 * The contract of one operation: parsed by its handler, shown in the OpenAPI document, checked in every test, and the
 * source of the client's types. Method, path and roles are in the policy table.
 */
export type OperationContract = {
  /** A few words: `Place an order`. */
  readonly summary: string;
  /** More than the summary, in Markdown. */
  readonly description?: string;
  readonly tag: Tag;
  /** Path parameters that are more specific than an identifier. */
  readonly params?: z.ZodObject;
  /** Query parameters, as `parseQuery` reads them. */
  readonly query?: z.ZodObject;
  /** Request headers of this operation, in their usual spelling: `Idempotency-Key`. */
  readonly headers?: z.ZodObject;
  /** The body, as `parseBody` reads it, or the content type of a body that is not JSON. */
  readonly body?: z.ZodType | TextContent;
  /** The body of each success answer by status, or `null` for an answer without a body (204). */
  readonly answers: Readonly<Record<number, z.ZodType | TextContent | null>>;
  /** The content type of the 200 answer where `Accept` prefers it to JSON. @default JSON only */
  readonly orAs?: 'text/html; charset=utf-8';
  /** Headers of the answers besides the common ones. */
  readonly sends?: readonly (keyof typeof answerHeaders)[];
  /**
   * The problems of its own rules. Those that follow from the policy table and the rest of the contract are added:
   * about tokens, roles, bodies, parameters, limits and faults.
   */
  readonly problems: readonly ProblemName[];
  /** The answer has an ETag. A GET honours If-None-Match (304). PUT, PATCH and DELETE honour If-Match (412). */
  readonly etag?: true;
};
