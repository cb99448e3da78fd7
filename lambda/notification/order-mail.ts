import { formatMoney } from '../contracts/money';
import type {
  OrderAwaitingPayment,
  OrderCancelled,
  OrderDelivered,
  OrderPlaced,
  OrderShipped,
} from '../contracts/order-events';
import { type MailKind, type Wording, wordings } from './wording';

/** Events of orders that customers are written about. */
export type OrderMailEvent = OrderPlaced | OrderAwaitingPayment | OrderCancelled | OrderShipped | OrderDelivered;

/** A plain-text e-mail. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string };

const kinds = {
  'OrderPlaced.v1': 'order-confirmation',
  'OrderAwaitingPayment.v1': 'order-payment-request',
  'OrderCancelled.v1': 'order-cancellation',
  'OrderShipped.v1': 'order-shipping',
  'OrderDelivered.v1': 'order-delivery',
} as const satisfies Record<OrderMailEvent['type'], MailKind>;

export const mailKind = ({ type }: OrderMailEvent): MailKind => kinds[type];

/** Whether the customer has anything to do or to know: what is paid from the balance is taken without them. */
export const isMailed = (event: OrderMailEvent): boolean =>
  event.type !== 'OrderAwaitingPayment.v1' || event.data.paymentMethod !== 'ACCOUNT_BALANCE';

const openingOf = (event: OrderMailEvent, wording: Wording): readonly string[] => {
  if (event.type === 'OrderAwaitingPayment.v1')
    return [wording.opening['order-payment-request'], wording.howToPay(event.data.paymentDeadline)];
  if (event.type !== 'OrderCancelled.v1') return [wording.opening[kinds[event.type]]];
  const { reason, paymentStatus } = event.data;
  if (reason === 'payment-failed' && paymentStatus === 'REFUNDED') return [wording.endedByRefund];
  const isPaidBack = paymentStatus === 'PAID' || paymentStatus === 'REFUNDED';
  return [wording.cancelled[reason] + (isPaidBack ? wording.paidBack : wording.notCharged)];
};

/** Writes the e-mail for an event, in the order's language, with its number, amounts and items. */
export const orderMail = (event: OrderMailEvent): Mail => {
  const { orderId, customerEmail, locale, currency, lines, subtotal, tax, total } = event.data;
  const { subject, labels } = wordings[locale];
  const money = (amount: number) => formatMoney(amount, currency, locale);
  const kind = mailKind(event);
  return {
    to: customerEmail,
    subject: subject[kind](orderId),
    text: [
      ...openingOf(event, wordings[locale]),
      '',
      `${labels.order}: ${orderId}`,
      '',
      `${labels.items}:`,
      ...lines.map(({ name, quantity, lineTotal }) => `  ${name} × ${quantity}  ${money(lineTotal)}`),
      '',
      `${labels.subtotal}: ${money(subtotal)}`,
      `${labels.tax}: ${money(tax)}`,
      `${labels.total}: ${money(total)}`,
      '',
    ].join('\n'),
  };
};
