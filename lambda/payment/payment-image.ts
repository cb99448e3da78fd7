import type { PaymentEvent, UnknownPaymentFound } from '../contracts/payment-events';
import { paymentEvent } from './payment-event';
import { paymentFromRow } from './payment-row';
import { isUnknownPayment, unknownPaymentEvent } from './unknown-payment';

/** Returns the event that an image of the payments table stands for: of a payment, or of money that belongs to none. */
export const paymentImageEvent = (image: Record<string, unknown>): PaymentEvent | UnknownPaymentFound | undefined =>
  isUnknownPayment(image) ? unknownPaymentEvent(image) : paymentEvent(paymentFromRow(image));
