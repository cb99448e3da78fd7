import { atDashboard } from './dashboard';
import { escaped, html, missingPage, money, names, seeOther } from './pay-page';
import { refundedOf, type SimulatedPayment } from './payment';
import type { Asked, Reply } from './reply';
import type { Till } from './till';

const listPage = (payments: readonly SimulatedPayment[]): Reply => {
  const entries = payments
    .filter(({ state }) => state === 'paid')
    .slice(-50)
    .reverse()
    .map((one) => {
      const name = `${names[one.provider]} ${one.subject.orderId ?? one.description} ${money(one)}`;
      return `<li><a href="/dashboard/${escaped(one.page)}">${escaped(name)}</a></li>`;
    });
  const list =
    entries.length === 0 ? '<p>支払い済みはありません / Nothing is paid</p>' : `<ul>${entries.join('')}</ul>`;
  return html('Dashboard', `<h1>管理画面 / The providers’ dashboard</h1>${list}`);
};

const disputeButtons = ({ provider, disputes }: SimulatedPayment): string => {
  if (provider !== 'stripe') return '';
  const isOpen = disputes.some(({ status }) => status === 'needs_response' || status === 'under_review');
  return isOpen
    ? `<button name="action" value="won">異議で勝つ / The bank decides for the shop</button>
<button name="action" value="lost">異議で負ける / The bank decides for the customer</button>`
    : '<button name="action" value="dispute">異議を申し立てる / The customer disputes it</button>';
};

const paymentPage = (payment: SimulatedPayment, note = ''): Reply => {
  const { provider, subject, id, page, disputes } = payment;
  const order = subject.orderId ?? payment.description;
  const refunded = money({ ...payment, amount: refundedOf(payment) });
  const told = disputes.map(({ id: dispute, status }) => `<dt>${escaped(dispute)}</dt><dd>${status}</dd>`).join('');
  return html(
    `${names[provider]}: ${order}`,
    `<h1>${names[provider]}: 管理画面 / dashboard</h1>
<p class="amount">${escaped(money(payment))}</p>
<dl><dt>ご注文 / Order</dt><dd>${escaped(order)}</dd><dt>ID</dt><dd>${escaped(id)}</dd>
<dt>返金済み / Refunded</dt><dd>${escaped(refunded)}</dd>${told}</dl>
${note === '' ? '' : `<p class="state" role="status">${escaped(note)}</p>`}
<form method="post" action="/dashboard/${escaped(page)}">
<label>金額（最小単位）/ Amount in minor units <input name="amount" inputmode="numeric" pattern="[0-9]*"></label>
<button name="action" value="refund">返金する / Refund</button>
${disputeButtons(payment)}</form>
<small>金額が空なら残り全額です。<br>Without an amount it is all that is left.</small>`,
  );
};

const act = (till: Till, payment: SimulatedPayment, body: string): Reply => {
  const form = new URLSearchParams(body);
  const action = form.get('action') ?? '';
  const amount = form.get('amount') ?? '';
  const given = amount === '' ? {} : { amount: Number(amount) };
  const isRefund = action === 'refund';
  const asked = action === 'won' || action === 'lost' ? { status: action } : given;
  const refused = atDashboard(till, payment, isRefund ? 'refund' : 'dispute', JSON.stringify(asked));
  return refused === undefined ? seeOther(`/dashboard/${payment.page}`) : paymentPage(payment, refused);
};

/** What the shop's people would do in the provider's dashboard, and what the customer's bank does: unasked for by the shop. */
export const dashboardPages =
  (till: Till) =>
  ({ method, path, body }: Asked): Reply => {
    if (path === '/dashboard') return listPage(till.all());
    const [, page] = /^\/dashboard\/([0-9a-f-]{36})$/.exec(path) ?? [];
    const payment = till.find((one) => one.page === page);
    if (payment === undefined) return missingPage();
    return method === 'POST' ? act(till, payment, body) : paymentPage(payment);
  };
