import type { CancelReason, Locale } from '../contracts/order-status';

export type MailKind = 'order-confirmation' | 'order-cancellation' | 'order-shipping' | 'order-delivery';

export type Wording = {
  readonly subject: Readonly<Record<MailKind, (orderId: string) => string>>;
  readonly opening: Readonly<Record<Exclude<MailKind, 'order-cancellation'>, string>>;
  /** How a cancellation opens, by its reason; `notCharged` follows. */
  readonly cancelled: Readonly<Record<CancelReason, string>>;
  readonly notCharged: string;
  readonly labels: {
    readonly order: string;
    readonly items: string;
    readonly subtotal: string;
    readonly tax: string;
    readonly total: string;
  };
};

/** What e-mails say, by the customer's language. */
export const wordings: Readonly<Record<Locale, Wording>> = {
  ja: {
    subject: {
      'order-confirmation': (orderId) => `ご注文ありがとうございます（${orderId}）`,
      'order-cancellation': (orderId) => `ご注文をキャンセルいたしました（${orderId}）`,
      'order-shipping': (orderId) => `商品を発送いたしました（${orderId}）`,
      'order-delivery': (orderId) => `商品をお届けいたしました（${orderId}）`,
    },
    opening: {
      'order-confirmation': 'ご注文を承りました。内容は次のとおりです。',
      'order-shipping': 'ご注文の商品を発送いたしました。お届けまでしばらくお待ちください。',
      'order-delivery': 'ご注文の商品をお届けいたしました。ご利用ありがとうございました。',
    },
    cancelled: {
      'backorder-expired': '商品の入荷を期限までに確保できなかったため、ご注文をキャンセルいたしました。',
      'out-of-stock': '商品の在庫が不足しているため、ご注文をキャンセルいたしました。',
      'payment-failed': 'お支払いが完了しなかったため、ご注文をキャンセルいたしました。',
      'payment-expired': '期限までにお支払いを確認できなかったため、ご注文をキャンセルいたしました。',
      'by-customer': 'お申し出により、ご注文をキャンセルいたしました。',
      'by-staff': '誠に勝手ながら、店舗にてご注文をキャンセルいたしました。',
    },
    notCharged: 'ご請求はございません。',
    labels: { order: '注文番号', items: '商品', subtotal: '小計', tax: '消費税', total: '合計' },
  },
  en: {
    subject: {
      'order-confirmation': (orderId) => `Thank you for your order (${orderId})`,
      'order-cancellation': (orderId) => `Your order was cancelled (${orderId})`,
      'order-shipping': (orderId) => `Your order is on its way (${orderId})`,
      'order-delivery': (orderId) => `Your order was delivered (${orderId})`,
    },
    opening: {
      'order-confirmation': 'We have received your order:',
      'order-shipping': 'Your order has left our warehouse and is on its way to you:',
      'order-delivery': 'Your order was delivered. Thank you for shopping with us.',
    },
    cancelled: {
      'backorder-expired': 'We could not restock the items in time, so your order was cancelled.',
      'out-of-stock': 'The items are out of stock, so your order was cancelled.',
      'payment-failed': 'The payment did not succeed, so your order was cancelled.',
      'payment-expired': 'We saw no payment in time, so your order was cancelled.',
      'by-customer': 'Your order was cancelled as you asked.',
      'by-staff': 'We are sorry that we had to cancel your order.',
    },
    notCharged: ' You are not charged.',
    labels: { order: 'Order number', items: 'Items', subtotal: 'Subtotal', tax: 'Tax', total: 'Total' },
  },
};
