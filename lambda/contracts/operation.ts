import type * as z from 'zod';
import type { ProblemName } from './problem';

/** What the operations of the API are sorted by, in the order of its page. */
export const tags = {
  Orders: 'Placing orders and following them until they are delivered.',
  Payments: 'What orders cost, how it is paid, and what goes back.',
  Returns: 'Goods of delivered orders that come back.',
  Inventory: 'Stock of each product and the movements that it comes from.',
  Products: 'The catalog, its images, and its import from a CSV file.',
  Categories: 'What products are sorted by.',
  Alerts: 'What is wrong between orders and payments, or with stock, and who has seen to it.',
  'Sign-in': 'Accounts of customers: signing up, logging in and out, forgotten passwords.',
  Users: 'Who may act for a tenant, and in which role.',
  Tenants: 'The shops of a platform, their settings and storefront keys.',
  System: 'Whether the system is well, and its own description.',
} as const;
export type Tag = keyof typeof tags;

/** A body that is not JSON: `text/csv`, `text/html`. */
export type TextContent = { readonly contentType: string };

/** Headers of answers that say something of their own. */
export const answerHeaders = {
  Location: 'Where the new resource is.',
  'Idempotency-Replayed': '`true` when the request had been answered before, and this is that answer again.',
  'Set-Cookie': 'The cookie `sid`: new, changed or taken away.',
  'Preference-Applied': 'The preference of the request that was followed.',
} as const;

/**
 * What one operation of the API takes and answers: parsed by its handler, shown by the OpenAPI document, checked in every
 * test, and what the client's types come from. Method, path and roles are in the policy table.
 */
export type OperationContract = {
  /** A few words: `Place an order`. */
  readonly summary: string;
  /** What the summary does not tell, in Markdown. */
  readonly description?: string;
  readonly tag: Tag;
  /** Path parameters that are not simply an identifier. */
  readonly params?: z.ZodObject;
  /** Query parameters, as `parseQuery` reads them. */
  readonly query?: z.ZodObject;
  /** Request headers of this operation, in their usual spelling: `Idempotency-Key`. */
  readonly headers?: z.ZodObject;
  /** The body, as `parseBody` reads it, or the content type of a body that is not JSON. */
  readonly body?: z.ZodType | TextContent;
  /** The body of each answer that is no problem, by status; `null` for an answer without one (204). */
  readonly answers: Readonly<Record<number, z.ZodType | TextContent | null>>;
  /** Headers that the answers carry besides those that all have. */
  readonly sends?: readonly (keyof typeof answerHeaders)[];
  /**
   * What it refuses by its own rules, by the problem's name. What follows from the policy table and from the rest of the
   * contract is added to it: tokens and roles, wrong, too large and misnamed bodies, wrong parameters, limits, faults.
   */
  readonly problems: readonly ProblemName[];
  /** The answer carries an ETag: a GET honours If-None-Match (304); PUT, PATCH and DELETE honour If-Match (412). */
  readonly etag?: true;
};
