import { isExpired, isPayable, type SimulatedPayment } from './payment';
import type { Asked, Reply } from './reply';
import type { Till } from './till';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in a page, whatever it holds. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? '');

const styles = `
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: Canvas; color: CanvasText; }
main { width: min(26rem, 92vw); padding: 2rem; border: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); border-radius: 1rem; }
h1 { font-size: 1rem; font-weight: 600; margin: 0 0 1rem; }
.amount { font-size: 2.25rem; font-weight: 700; margin: 0 0 1rem; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0 0 1.5rem; font-size: .9rem; }
dt { opacity: .7; } dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
form { display: grid; gap: .75rem; }
button { font: inherit; font-weight: 600; padding: .8rem; border-radius: .6rem; border: 1px solid currentColor; background: none; color: inherit; cursor: pointer; }
button.pay { background: #d6002f; border-color: #d6002f; color: #fff; }
button.pay.stripe { background: #5047d4; border-color: #5047d4; }
button:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
.state { padding: .8rem; border-radius: .6rem; text-align: center; font-weight: 600; border: 1px solid currentColor; }
small { display: block; margin-top: 1.5rem; opacity: .7; }
li { margin: .3rem 0; }
`;

/** A page of the simulator. */
export const html = (title: string, content: string, status = 200): Reply => ({
  status,
  type: 'text/html; charset=utf-8',
  headers: {
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    'cache-control': 'no-store',
  },
  body: `<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><style>${styles}</style></head><body><main>${content}</main></body></html>
`,
});

export const names = { stripe: 'Stripe', paypay: 'PayPay' } as const;

export const money = ({ amount, currency }: SimulatedPayment): string => {
  const digits = new Intl.NumberFormat('ja-JP', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits;
  const major = amount / 10 ** (digits ?? 0);
  return new Intl.NumberFormat('ja-JP', { style: 'currency', currency }).format(major);
};

const states = {
  open: 'お支払い待ちです / Waiting for you',
  declined: 'お支払いできませんでした。もう一度お試しください / Declined. You may try again',
  paid: 'お支払いが完了しました / Paid',
  failed: 'お支払いは行われませんでした / Not paid',
  cancelled: 'このお支払いは取り消されました / Cancelled',
} as const;

const buttons = ({ page, provider }: SimulatedPayment) => `
<form method="post" action="/pay/${escaped(page)}">
<button class="pay ${provider}" name="action" value="pay">支払う / Pay</button>
<button name="action" value="refuse">支払わない / Do not pay</button>
</form>`;

const dead =
  '<p class="state" role="status">有効期限が切れました。ショップからもう一度お進みください / Expired. Go on from the shop again</p>';

const stateOf = (payment: SimulatedPayment, now: number): string => {
  if (payment.state === 'open') return isExpired(payment, now) ? dead : '';
  return `<p class="state" role="status">${states[payment.state]}</p>`;
};

const paymentPage = (payment: SimulatedPayment, now: number): Reply => {
  const { provider, subject, id } = payment;
  const shop = subject.tenant === undefined ? '' : `<dt>ショップ / Shop</dt><dd>${escaped(subject.tenant)}</dd>`;
  const order = subject.orderId ?? payment.description;
  return html(
    `${names[provider]}: ${order}`,
    `<h1>${names[provider]}（シミュレーター / simulator）</h1>
<p class="amount">${escaped(money(payment))}</p>
<dl>${shop}<dt>ご注文 / Order</dt><dd>${escaped(order)}</dd><dt>ID</dt><dd>${escaped(id)}</dd></dl>
${stateOf(payment, now)}${isPayable(payment, now) ? buttons(payment) : ''}
<small>練習用の画面です。お金は動きません。<br>For practice: no money moves.</small>`,
  );
};

const listPage = (payments: readonly SimulatedPayment[], now: number): Reply => {
  const entries = payments
    .filter((one) => isPayable(one, now))
    .slice(-50)
    .reverse()
    .map((one) => {
      const name = `${names[one.provider]} ${one.subject.orderId ?? one.description} ${money(one)}`;
      return `<li><a href="/pay/${escaped(one.page)}">${escaped(name)}</a></li>`;
    });
  const list =
    entries.length === 0
      ? '<p>お支払い待ちはありません / Nothing waits to be paid</p>'
      : `<ul>${entries.join('')}</ul>`;
  return html(
    'Payment simulator',
    `<h1>お支払い待ち / Waiting to be paid</h1>${list}<p><a href="/dashboard">管理画面 / The providers’ dashboard</a></p>`,
  );
};

export const missingPage = (): Reply =>
  html('404', '<h1>このお支払いは見つかりません / There is no such payment</h1>', 404);

export const seeOther = (location: string): Reply => ({
  status: 303,
  type: 'text/plain',
  body: '',
  headers: { location },
});

const act = (till: Till, payment: SimulatedPayment, body: string): Reply => {
  const action = new URLSearchParams(body).get('action');
  if (action === 'pay') till.pay(payment);
  if (action === 'refuse') till.refuse(payment);
  return seeOther(`/pay/${payment.page}`);
};

/** Where a customer would pay: one page for each payment, and a list of those that wait. */
export const payPages =
  (till: Till, now: () => number) =>
  ({ method, path, body }: Asked): Reply => {
    if (path === '/') return listPage(till.all(), now());
    const [, page] = /^\/pay\/([0-9a-f-]{36})$/.exec(path) ?? [];
    const payment = till.find((one) => one.page === page);
    if (payment === undefined) return missingPage();
    return method === 'POST' ? act(till, payment, body) : paymentPage(payment, now());
  };
