import { formatMoney } from '../contracts/money';
import type { PaymentRefunded } from '../contracts/payment-events';
import type { Notification } from './notification';
import type { Mail } from './order-mail';
import { wordings } from './wording';

/** Writes to whom the order was confirmed, in the language of then: a payment's event knows neither. */
export const refundMail = (
  { data }: PaymentRefunded,
  { recipient, locale = 'ja' }: Pick<Notification, 'recipient' | 'locale'>,
): Mail => {
  const { orderId, currency, refundId, refundAmount, refundedTotal, capturedTotal } = data;
  const { subject, opening, labels } = wordings[locale];
  const money = (amount: number) => formatMoney(amount, currency, locale);
  return {
    to: recipient,
    subject: subject['payment-refund'](orderId),
    text: [
      opening['payment-refund'],
      '',
      `${labels.order}: ${orderId}`,
      `${labels.refundId}: ${refundId}`,
      '',
      `${labels.refund}: ${money(refundAmount)}`,
      `${labels.refundedTotal}: ${money(refundedTotal)}`,
      `${labels.paid}: ${money(capturedTotal)}`,
      '',
    ].join('\n'),
  };
};
