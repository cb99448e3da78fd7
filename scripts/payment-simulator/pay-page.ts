import { escaped, html, type Reader, type Reply, readerOf } from '../lib/page';
import type { Ledger } from './ledger';
import { isExpired, isPayable, type SimulatedPayment } from './payment';
import type { Asked } from './reply';

export const names = { stripe: 'Stripe', paypay: 'PayPay' } as const;

/** An amount as the reader writes money. */
export const money = ({ amount, currency }: SimulatedPayment, { language }: Reader): string => {
  const format = new Intl.NumberFormat(language === 'ja' ? 'ja-JP' : 'en', { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0));
};

/** What a payment is called in a list: `PayPay ORD-000001 ¥6,600`. */
export const nameOf = (payment: SimulatedPayment, reader: Reader): string =>
  `${names[payment.provider]} ${payment.subject.orderId ?? payment.description} ${money(payment, reader)}`;

const states = {
  declined: { en: 'Declined. You may try again.', ja: 'お支払いできませんでした。もう一度お試しください' },
  paid: { en: 'Paid', ja: 'お支払いが完了しました' },
  failed: { en: 'Not paid', ja: 'お支払いは行われませんでした' },
  cancelled: { en: 'Cancelled', ja: 'このお支払いは取り消されました' },
} as const;
const expired = {
  en: 'Expired. Go back to the shop for another.',
  ja: '有効期限が切れました。ショップからもう一度お進みください',
} as const;

const buttons = ({ page, provider }: SimulatedPayment, { say }: Reader) => `
<form method="post" action="/pay/${escaped(page)}">
<button class="pay ${provider}" name="action" value="pay">${say({ en: 'Pay', ja: '支払う' })}</button>
<button name="action" value="refuse">${say({ en: 'Do not pay', ja: '支払わない' })}</button>
</form>`;

const stateOf = (payment: SimulatedPayment, now: number, { say }: Reader): string => {
  const { state } = payment;
  if (state === 'open' && !isExpired(payment, now)) return '';
  return `<p class="state" role="status">${say(state === 'open' ? expired : states[state])}</p>`;
};

const paymentPage = (payment: SimulatedPayment, now: number, reader: Reader): Reply => {
  const { say, language } = reader;
  const { provider, subject, id } = payment;
  const shop =
    subject.tenant === undefined
      ? ''
      : `<dt>${say({ en: 'Shop', ja: 'ショップ' })}</dt><dd>${escaped(subject.tenant)}</dd>`;
  const order = subject.orderId ?? payment.description;
  return html(
    `${names[provider]}: ${order}`,
    `<h1>${names[provider]} (${say({ en: 'simulator', ja: 'シミュレーター' })})</h1>
<p class="amount">${escaped(money(payment, reader))}</p>
<dl>${shop}<dt>${say({ en: 'Order', ja: 'ご注文' })}</dt><dd>${escaped(order)}</dd><dt>ID</dt><dd>${escaped(id)}</dd></dl>
${stateOf(payment, now, reader)}${isPayable(payment, now) ? buttons(payment, reader) : ''}
<small>${say({ en: 'For practice: no money moves.', ja: '練習用の画面です。お金は動きません。' })}</small>`,
    { language },
  );
};

const linkNames: Readonly<Record<string, Readonly<Record<Reader['language'], string>>>> = {
  '/dashboard': { en: 'Refunds and disputes, as in the provider’s dashboard', ja: '管理画面（返金と異議）' },
  '/mailbox': { en: 'The mails that the shop has sent', ja: 'ショップが送ったメール' },
};

type Listing = { readonly now: () => number; readonly links: readonly string[] };

const listPage = (payments: readonly SimulatedPayment[], { now, links }: Listing, reader: Reader): Reply => {
  const { say, language } = reader;
  const entries = payments
    .filter((one) => isPayable(one, now()))
    .slice(-50)
    .reverse()
    .map((one) => `<li><a href="/pay/${escaped(one.page)}">${escaped(nameOf(one, reader))}</a></li>`);
  const nothing = say({ en: 'No payment is waiting.', ja: 'お支払い待ちはありません' });
  const list = entries.length === 0 ? `<p>${nothing}</p>` : `<ul>${entries.join('')}</ul>`;
  const others = links.map(
    (link) => `<p><a href="${link}">${escaped(say(linkNames[link] ?? { en: link, ja: link }))}</a></p>`,
  );
  const heading = say({ en: 'Waiting to be paid', ja: 'お支払い待ち' });
  return html(heading, `<h1>${heading}</h1>${list}${others.join('')}`, { language });
};

export const missingPage = ({ say, language }: Reader): Reply =>
  html('404', `<h1>${say({ en: 'There is no such payment', ja: 'このお支払いは見つかりません' })}</h1>`, {
    status: 404,
    language,
  });

export const seeOther = (location: string): Reply => ({
  status: 303,
  type: 'text/plain',
  body: '',
  headers: { location },
});

const act = (ledger: Ledger, payment: SimulatedPayment, body: string): Reply => {
  const action = new URLSearchParams(body).get('action');
  if (action === 'pay') ledger.pay(payment);
  if (action === 'refuse') ledger.refuse(payment);
  return seeOther(`/pay/${payment.page}`);
};

/** Where a customer would pay: one page for each payment, and a list of those that wait. */
export const payPages =
  (ledger: Ledger, listing: Listing) =>
  ({ method, path, body, header }: Asked): Reply => {
    const reader = readerOf(header('accept-language'));
    if (path === '/') return listPage(ledger.all(), listing, reader);
    const [, page] = /^\/pay\/([0-9a-f-]{36})$/.exec(path) ?? [];
    const payment = ledger.find((one) => one.page === page);
    if (payment === undefined) return missingPage(reader);
    return method === 'POST' ? act(ledger, payment, body) : paymentPage(payment, listing.now(), reader);
  };
