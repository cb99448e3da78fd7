import { formatMoney } from '../contracts/money';
import type { OrderCancelled, OrderDelivered, OrderPlaced, OrderShipped } from '../contracts/order-events';
import { type MailKind, type Wording, wordings } from './wording';

/** What customers are written about. */
export type MailedEvent = OrderPlaced | OrderCancelled | OrderShipped | OrderDelivered;

/** A plain-text e-mail. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string };

const kinds = {
  'OrderPlaced.v1': 'order-confirmation',
  'OrderCancelled.v1': 'order-cancellation',
  'OrderShipped.v1': 'order-shipping',
  'OrderDelivered.v1': 'order-delivery',
} as const satisfies Record<MailedEvent['type'], MailKind>;

export const mailKind = ({ type }: MailedEvent): MailKind => kinds[type];

const openingOf = (event: MailedEvent, { opening, cancelled, notCharged }: Wording): string =>
  event.type === 'OrderCancelled.v1' ? cancelled[event.data.reason] + notCharged : opening[kinds[event.type]];

/** Writes the e-mail for an event, in the order's language, with its number, amounts and items. */
export const orderMail = (event: MailedEvent): Mail => {
  const { orderId, customerEmail, locale, currency, lines, subtotal, tax, total } = event.data;
  const { subject, labels } = wordings[locale];
  const money = (amount: number) => formatMoney(amount, currency, locale);
  const kind = mailKind(event);
  return {
    to: customerEmail,
    subject: subject[kind](orderId),
    text: [
      openingOf(event, wordings[locale]),
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
