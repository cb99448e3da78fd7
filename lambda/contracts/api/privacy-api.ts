import * as z from 'zod';
import { Email } from '../values/email';
import { ErasureId, ErasureState, SubjectKind } from '../values/erasure';
import { personal } from '../values/personal';
import { OrderId, TenantId, UserId } from '../values/text';
import type { OperationContract } from './operation';
import { GetOrderResponse } from './order-api';
import { AccountView, PaymentView } from './payment-api';
import { IdempotencyKey } from './request-headers';
import { ReturnView } from './return-api';
import type { Operation } from './routes';
import { UserView } from './user-api';

/**
 * Body of `POST /privacy/erasures`: nothing for oneself, an order with its address for a guest, a user for a platform
 * admin.
 */
export const RequestErasureRequest = z
  .strictObject({
    /** An order of the guest. Only for staff, with `customerEmail`. */
    orderId: OrderId.optional(),
    /** The address of that order. All orders of guests with this address are erased. */
    customerEmail: personal('contact', Email).optional(),
    /** Only for platform admins. */
    userId: UserId.optional(),
    /** The tenant of `userId`. @default the caller's own */
    tenantId: TenantId.optional(),
  })
  .refine(({ orderId, customerEmail }) => (orderId === undefined) === (customerEmail === undefined), {
    path: ['orderId'],
    message: 'must be sent with customerEmail, and customerEmail with orderId',
  })
  .refine(({ orderId, userId }) => orderId === undefined || userId === undefined, {
    path: ['userId'],
    message: 'cannot be sent with an order',
  })
  .refine(({ tenantId, userId }) => tenantId === undefined || userId !== undefined, {
    path: ['tenantId'],
    message: 'must be sent with userId',
  });
export type RequestErasureRequest = z.infer<typeof RequestErasureRequest>;

/** Query of `GET /privacy/erasures/{erasureId}`. */
export const GetErasureQuery = z.object({
  /** The tenant of the erasure. Only for platform admins. @default the caller's own */
  tenantId: TenantId.optional(),
});

/** An erasure. Once it is `ERASED`, it is the certificate: it holds no personal data. */
export const ErasureView = z.object({
  erasureId: ErasureId,
  subjectKind: SubjectKind,
  state: ErasureState,
  requestedAt: z.iso.datetime(),
  /** How many orders are not ended yet, when they were last counted. They are erased when they are. */
  waitingFor: z.int().nonnegative(),
  /** Whether the account and the profile are erased. Always `false` for a guest. */
  accountErased: z.boolean(),
  /** How many orders are erased, when they were last counted. */
  ordersErased: z.int().nonnegative(),
  /** How many keys are destroyed, when they were last counted. */
  keysDestroyed: z.int().nonnegative(),
  erasedAt: z.iso.datetime().optional(),
});
export type ErasureView = z.infer<typeof ErasureView>;

/** The parts of an export. */
export const exportParts = ['profile', 'orders', 'returns', 'payments', 'account'] as const;
export const ExportPart = z.enum(exportParts);
export type ExportPart = z.infer<typeof ExportPart>;

/** All that is held on the signed-in user, as the operations of each part show it. */
export const PersonalExport = z.object({
  userId: UserId,
  tenantId: TenantId,
  exportedAt: z.iso.datetime(),
  profile: UserView.optional(),
  orders: z.array(GetOrderResponse),
  returns: z.array(ReturnView),
  payments: z.array(PaymentView),
  account: AccountView.optional(),
  /** Parts of which there is more than the export shows. Their own operations list it all. */
  more: z.array(ExportPart),
  /** Parts that could not be read. Ask again. */
  unavailable: z.array(ExportPart),
});
export type PersonalExport = z.infer<typeof PersonalExport>;

/** The contracts of the privacy operations. */
export const privacyOperations = {
  requestErasure: {
    summary: 'Ask for the erasure of a person',
    description:
      'Without a body it is about the caller. Staff ask for a guest with an order and its address as the proof; all ' +
      'orders of guests with this address are erased. A platform admin names a user. The keys of what is held are ' +
      'destroyed, which takes less than a minute. An order that is not ended keeps what its delivery needs until it ' +
      'is: `waitingFor` counts those. A request for somebody whose erasure is not ended returns that one.',
    tag: 'Privacy',
    headers: z.object({ 'Idempotency-Key': IdempotencyKey.optional() }),
    body: RequestErasureRequest.optional(),
    answers: { 200: ErasureView, 202: ErasureView },
    sends: ['Location', 'Idempotency-Replayed'],
    problems: ['OrderNotFound', 'UserNotFound', 'Forbidden', 'IdempotencyKeyMismatch'],
  },
  getErasure: {
    summary: 'Read an erasure, or its certificate',
    description: 'Once the state is `ERASED`, this is the certificate. It holds no personal data.',
    tag: 'Privacy',
    params: z.object({ erasureId: ErasureId }),
    query: GetErasureQuery,
    answers: { 200: ErasureView },
    problems: ['ErasureNotFound'],
  },
  exportPersonalData: {
    summary: 'Read all that is held on you',
    description:
      'As JSON, or as a page without scripts where `Accept` prefers `text/html`, in Japanese or English by ' +
      '`Accept-Language`. `more` names the parts of which there is more than the export shows.',
    tag: 'Privacy',
    answers: { 200: PersonalExport },
    orAs: 'text/html; charset=utf-8',
    problems: [],
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;
