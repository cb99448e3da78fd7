import { formatMoney } from '../contracts/money';
import type { OrderCancelled, OrderPlaced } from '../contracts/order-events';
import type { Locale } from '../contracts/order-status';

/** What customers are written about. */
export type MailedEvent = OrderPlaced | OrderCancelled;

/** A plain-text e-mail. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string };

export type MailKind = 'order-confirmation' | 'order-cancellation';

export const mailKind = ({ type }: MailedEvent): MailKind =>
  type === 'OrderPlaced.v1' ? 'order-confirmation' : 'order-cancellation';

type Wording = {
  readonly subject: Readonly<Record<MailKind, (orderId: string) => string>>;
  readonly opening: Readonly<Record<MailKind, string>>;
  readonly labels: {
    readonly order: string;
    readonly items: string;
    readonly subtotal: string;
    readonly tax: string;
    readonly total: string;
  };
};

const wording: Readonly<Record<Locale, Wording>> = {
  ja: {
    subject: {
      'order-confirmation': (orderId) => `ご注文ありがとうございます（${orderId}）`,
      'order-cancellation': (orderId) => `ご注文をキャンセルいたしました（${orderId}）`,
    },
    opening: {
      'order-confirmation': 'ご注文を承りました。内容は次のとおりです。',
      'order-cancellation':
        '商品の入荷を期限までに確保できなかったため、ご注文をキャンセルいたしました。ご請求はございません。',
    },
    labels: { order: '注文番号', items: '商品', subtotal: '小計', tax: '消費税', total: '合計' },
  },
  en: {
    subject: {
      'order-confirmation': (orderId) => `Thank you for your order (${orderId})`,
      'order-cancellation': (orderId) => `Your order was cancelled (${orderId})`,
    },
    opening: {
      'order-confirmation': 'We have received your order:',
      'order-cancellation': 'We could not restock the items in time, so your order was cancelled. You are not charged.',
    },
    labels: { order: 'Order number', items: 'Items', subtotal: 'Subtotal', tax: 'Tax', total: 'Total' },
  },
};

/** Writes the e-mail for an event, in the order's language, with its number, amounts and items. */
export const orderMail = (event: MailedEvent): Mail => {
  const { orderId, customerEmail, locale, currency, lines, subtotal, tax, total } = event.data;
  const { subject, opening, labels } = wording[locale];
  const money = (amount: number) => formatMoney(amount, currency, locale);
  const kind = mailKind(event);
  return {
    to: customerEmail,
    subject: subject[kind](orderId),
    text: [
      opening[kind],
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
