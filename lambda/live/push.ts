import type { OrderPush, PaymentPush } from '../contracts/live-api';
import type { OrderCompleted, OrderEvent } from '../contracts/order-events';
import type { PaymentEvent } from '../contracts/payment-events';
import { trustedTenant } from '../kernel/tenant';
import { subjectOf } from './connection';

export type LiveEvent = Exclude<OrderEvent, OrderCompleted> | PaymentEvent;

/** What is sent about an event, and to the followers of what. */
export type Push = { readonly subjects: readonly string[]; readonly frame: OrderPush | PaymentPush };

const nameOf = ({ type }: LiveEvent): string => type.slice(0, type.indexOf('.'));

const versionOf = ({ id }: LiveEvent): number => Number(id.slice(id.lastIndexOf(':') + 1));

const isPayment = (event: LiveEvent): event is PaymentEvent => event.type.startsWith('Payment');

/** What operations must see to, and a customer can do nothing about. */
const forStaff: readonly LiveEvent['type'][] = [
  'PaymentMismatchFound.v1',
  'PaymentRefundFailed.v1',
  'PaymentDisputed.v1',
];

const paymentFrame = (event: PaymentEvent): PaymentPush => ({
  type: 'payment',
  orderId: event.data.orderId,
  paymentVersion: versionOf(event),
  event: nameOf(event),
  at: event.time,
  ...(event.type === 'PaymentRequested.v1' ? { deadline: event.data.deadline } : {}),
  ...(event.type === 'PaymentFailed.v1' ? { reason: event.data.reason } : {}),
  ...('refundedTotal' in event.data ? { refundedTotal: event.data.refundedTotal } : {}),
});

const orderFrame = (event: Exclude<LiveEvent, PaymentEvent>): OrderPush => {
  const { data } = event;
  return {
    type: 'order',
    orderId: data.orderId,
    version: versionOf(event),
    event: nameOf(event),
    at: event.time,
    status: data.status,
    ...('previousStatus' in data ? { previousStatus: data.previousStatus } : {}),
    ...(data.paymentStatus === undefined ? {} : { paymentStatus: data.paymentStatus }),
    ...('reason' in data ? { reason: data.reason } : {}),
    ...('paymentDeadline' in data ? { paymentDeadline: data.paymentDeadline } : {}),
  };
};

/** Who is told what of an event. Frames hold states and times, nothing of a person: a tracking token shows them all. */
export const pushOf = (event: LiveEvent): Push => {
  const tenant = trustedTenant(event.tenantid);
  const feed = subjectOf(tenant, { feed: true });
  const order = subjectOf(tenant, { orderId: event.data.orderId });
  return {
    subjects: forStaff.includes(event.type) ? [feed] : [order, feed],
    frame: isPayment(event) ? paymentFrame(event) : orderFrame(event),
  };
};
