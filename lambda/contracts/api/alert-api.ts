import * as z from 'zod';
import { AlertType, Severity } from '../events/alert-events';
import { personal } from '../values/personal';
import { freeText, OrderId, ProductId, UserId } from '../values/text';
import type { OperationContract } from './operation';
import { page, pageOf } from './page';
import type { Operation } from './routes';

/** The type and the subject: `double_payment.ORD-000001`. */
export const AlertId = z
  .string()
  .max(100)
  .regex(/^[a-z_]+\.[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must look like double_payment.ORD-000001');

export const AlertState = z.enum(['RAISED', 'RESOLVED']);
export type AlertState = z.infer<typeof AlertState>;

/** Query of `GET /alerts`. */
export const ListAlertsQuery = z.object({
  state: z.string().max(20).toUpperCase().pipe(AlertState).optional(),
  type: AlertType.optional(),
  severity: z.string().max(2).toUpperCase().pipe(Severity).optional(),
  ...page,
});
export type ListAlertsQuery = z.infer<typeof ListAlertsQuery>;

/**
 * Body of `PATCH /alerts/{alertId}`: acknowledges the alert (`acknowledged`) or closes it (`state`). `version` is the
 * one that the caller read.
 */
export const AcknowledgeAlertRequest = z
  .strictObject({
    acknowledged: z.literal(true).optional(),
    state: z.literal('RESOLVED').optional(),
    note: personal('words', freeText(500)),
    version: z.int().positive().optional(),
  })
  .refine(({ acknowledged, state }) => (acknowledged === undefined) !== (state === undefined), {
    path: ['acknowledged'],
    message: 'send either "acknowledged": true or "state": "RESOLVED"',
  });
export type AcknowledgeAlertRequest = z.infer<typeof AcknowledgeAlertRequest>;

/** An alert as the API shows it. `error` and `raisedAt` are of the last raise. */
export const AlertView = z.object({
  alertId: AlertId,
  type: AlertType,
  severity: Severity.optional(),
  state: AlertState,
  orderId: OrderId.optional(),
  productId: ProductId.optional(),
  /** The provider's ID of money that belongs to no payment known here. */
  externalPaymentId: z.string().optional(),
  error: z.string(),
  /** How often it was raised. */
  count: z.int(),
  firstAt: z.iso.datetime(),
  raisedAt: z.iso.datetime(),
  resolvedAt: z.iso.datetime().optional(),
  /** Who closed it, and why. Missing when a check resolved it. */
  closed: z.object({ by: UserId, at: z.iso.datetime(), note: personal('words', z.string()) }).optional(),
  /** Who acknowledged it since the last raise. */
  acknowledgement: z.object({ by: UserId, at: z.iso.datetime(), note: personal('words', z.string()) }).optional(),
  /** Its last 50 changes, oldest first. */
  history: z.array(
    z.object({
      what: z.enum(['raised', 'resolved', 'acknowledged']),
      at: z.iso.datetime(),
      error: z.string().optional(),
      by: UserId.optional(),
      note: personal('words', z.string()).optional(),
    }),
  ),
  updatedAt: z.iso.datetime(),
  version: z.int(),
});
export type AlertView = z.infer<typeof AlertView>;

const ListAlertsResponse = pageOf(AlertView);

/** The contracts of the alert operations. */
export const alertOperations = {
  listAlerts: {
    summary: 'List alerts, newest first',
    description:
      'Each alert is about an order and its payment that do not agree, or about stock. It is resolved when the problem ' +
      'ends or a person closes it, and stays in the list as `RESOLVED`.',
    tag: 'Alerts',
    query: ListAlertsQuery,
    answers: { 200: ListAlertsResponse },
    problems: [],
  },
  acknowledgeAlert: {
    summary: 'Acknowledge or close an alert, with a note',
    description:
      '`{"acknowledged": true, "note": "…"}` records who works on the alert and what they found. A new raise must be ' +
      'acknowledged again. `{"state": "RESOLVED", "note": "…"}` closes it. A closed alert is raised again only by ' +
      'something new, such as another capture or another failed refund.',
    tag: 'Alerts',
    params: z.object({ alertId: AlertId }),
    body: AcknowledgeAlertRequest,
    answers: { 200: AlertView },
    problems: ['AlertNotFound', 'AlertNotRaised', 'VersionMismatch'],
    etag: true,
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;
