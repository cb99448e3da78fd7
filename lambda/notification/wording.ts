import type { CancelReason, Locale } from '../contracts/values/order-status';

export type MailKind =
  | 'order-confirmation'
  | 'order-payment-request'
  | 'order-cancellation'
  | 'order-shipping'
  | 'order-delivery'
  | 'payment-refund';

export type Wording = {
  readonly subject: Readonly<Record<MailKind, (orderId: string) => string>>;
  readonly opening: Readonly<Record<Exclude<MailKind, 'order-cancellation'>, string>>;
  /** How to pay until `deadline`, an ISO 8601 time. */
  readonly howToPay: (deadline: string) => string;
  /** The opening of a cancellation, by reason. `paidBack` or `notCharged` follows. */
  readonly cancelled: Readonly<Record<CancelReason, string>>;
  /** The opening of a cancellation after a full refund. */
  readonly endedByRefund: string;
  readonly paidBack: string;
  readonly notCharged: string;
  readonly labels: {
    readonly order: string;
    readonly items: string;
    readonly subtotal: string;
    readonly tax: string;
    readonly total: string;
    readonly refundId: string;
    readonly refund: string;
    readonly refundedTotal: string;
    readonly paid: string;
  };
};

const japanOffsetMs = 9 * 60 * 60 * 1000; // no daylight saving time

const japaneseTime = (time: string): string => {
  const [, year, month, day, clock] =
    /^(\d+)-0?(\d+)-0?(\d+)T(\d\d:\d\d)/.exec(new Date(Date.parse(time) + japanOffsetMs).toISOString()) ?? [];
  return `${year}年${month}月${day}日 ${clock}（日本時間）`;
};

/** The texts of e-mails, by language. */
export const wordings: Readonly<Record<Locale, Wording>> = {
  ja: {
    subject: {
      'order-confirmation': (orderId) => `ご注文ありがとうございます（${orderId}）`,
      'order-payment-request': (orderId) => `お支払いのお願い（${orderId}）`,
      'order-cancellation': (orderId) => `ご注文をキャンセルいたしました（${orderId}）`,
      'order-shipping': (orderId) => `商品を発送いたしました（${orderId}）`,
      'order-delivery': (orderId) => `商品をお届けいたしました（${orderId}）`,
      'payment-refund': (orderId) => `ご返金のお知らせ（${orderId}）`,
    },
    opening: {
      'order-confirmation': 'ご注文を承りました。内容は次のとおりです。',
      'order-payment-request': 'ご注文の商品を確保いたしました。お支払いを確認できしだい、ご注文を確定いたします。',
      'order-shipping': 'ご注文の商品を発送いたしました。お届けまでしばらくお待ちください。',
      'order-delivery': 'ご注文の商品をお届けいたしました。ご利用ありがとうございました。',
      'payment-refund': 'お支払いいただいた代金を返金いたしました。口座やカードへの反映には数日かかることがあります。',
    },
    howToPay: (deadline) =>
      `ショップでご注文を開き、${japaneseTime(deadline)}までにお支払いください。期限を過ぎますと、ご注文はキャンセルとなります。お支払い済みの場合、お手続きは不要です。`,
    cancelled: {
      'backorder-expired': '商品の入荷を期限までに確保できなかったため、ご注文をキャンセルいたしました。',
      'out-of-stock': '商品の在庫が不足しているため、ご注文をキャンセルいたしました。',
      'payment-failed': 'お支払いが完了しなかったため、ご注文をキャンセルいたしました。',
      'payment-expired': '期限までにお支払いを確認できなかったため、ご注文をキャンセルいたしました。',
      'by-customer': 'お申し出により、ご注文をキャンセルいたしました。',
      'by-staff': '誠に勝手ながら、店舗にてご注文をキャンセルいたしました。',
    },
    endedByRefund: 'お支払いいただいた代金を全額返金いたしましたので、ご注文をキャンセルいたしました。',
    paidBack: 'お支払いいただいた代金は返金いたします。',
    notCharged: 'ご請求はございません。',
    labels: {
      order: '注文番号',
      items: '商品',
      subtotal: '小計',
      tax: '消費税',
      total: '合計',
      refundId: '返金番号',
      refund: '返金額',
      refundedTotal: '返金額の合計',
      paid: 'お支払い額',
    },
  },
  en: {
    subject: {
      'order-confirmation': (orderId) => `Thank you for your order (${orderId})`,
      'order-payment-request': (orderId) => `Please pay for your order (${orderId})`,
      'order-cancellation': (orderId) => `Your order was cancelled (${orderId})`,
      'order-shipping': (orderId) => `Your order is on its way (${orderId})`,
      'order-delivery': (orderId) => `Your order was delivered (${orderId})`,
      'payment-refund': (orderId) => `Your refund (${orderId})`,
    },
    opening: {
      'order-confirmation': 'We have received your order:',
      'order-payment-request': 'We have reserved the items of your order. We will confirm it when it is paid.',
      'order-shipping': 'Your order has left our warehouse and is on its way to you:',
      'order-delivery': 'Your order was delivered. Thank you for shopping with us.',
      'payment-refund': 'We have refunded you. It may take some days until your account or card shows it.',
    },
    howToPay: (deadline) =>
      `Open your order in the shop and pay by ${deadline.slice(0, 10)} ${deadline.slice(11, 16)} UTC. After that the order is cancelled. If you have paid already, there is nothing left to do.`,
    cancelled: {
      'backorder-expired': 'We could not restock the items in time, so your order was cancelled.',
      'out-of-stock': 'The items are out of stock, so your order was cancelled.',
      'payment-failed': 'The payment did not succeed, so your order was cancelled.',
      'payment-expired': 'We did not receive your payment in time, so your order was cancelled.',
      'by-customer': 'Your order was cancelled as you asked.',
      'by-staff': 'We are sorry that we had to cancel your order.',
    },
    endedByRefund: 'Your payment was refunded in full, so your order was cancelled.',
    paidBack: ' We will refund what you have paid.',
    notCharged: ' You have not been charged.',
    labels: {
      order: 'Order number',
      items: 'Items',
      subtotal: 'Subtotal',
      tax: 'Tax',
      total: 'Total',
      refundId: 'Refund number',
      refund: 'Refund',
      refundedTotal: 'Refunded in total',
      paid: 'You paid',
    },
  },
};
