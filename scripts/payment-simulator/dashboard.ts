import * as z from 'zod';
import { fieldWords } from '../../lambda/contracts/api/issue-words';
import { escaped, html, type Reader, type Reply, readerOf } from '../lib/page';
import type { Ledger } from './ledger';
import { missingPage, money, nameOf, names, seeOther } from './pay-page';
import { DisputeStatus, isHeld, refundedOf, type SimulatedPayment } from './payment';
import type { Asked } from './reply';

/** What somebody asks of the provider's own dashboard. Amounts are what the provider counts in: yen, cents. */
const Refund = z.strictObject({ amount: z.int().positive().optional() });

const Dispute = z.strictObject({
  amount: z.int().positive().optional(),
  reason: z.string().min(1).max(100).default('fraudulent'),
  /** Opens a dispute, or moves the one that is open. */
  status: DisputeStatus.default('needs_response'),
});

/** Why it was refused; undefined when it was done. */
type Refused = string | undefined;

const refund = (ledger: Ledger, payment: SimulatedPayment, given: z.infer<typeof Refund>): Refused => {
  const left = payment.captured - refundedOf(payment);
  const { amount = left } = given;
  if (payment.state !== 'paid') return 'the payment is not paid';
  if (isHeld(payment)) return 'the payment is disputed';
  if (amount === 0 || amount > left) return `only ${left} is left of the payment`;
  ledger.refundElsewhere(payment, amount);
  return undefined;
};

const closing: readonly DisputeStatus[] = ['won', 'lost', 'warning_closed'];

const dispute = (ledger: Ledger, payment: SimulatedPayment, given: z.infer<typeof Dispute>): Refused => {
  const { amount = payment.captured - refundedOf(payment), reason, status } = given;
  const open = payment.disputes.find((one) => !closing.includes(one.status));
  if (payment.provider !== 'stripe') return 'PayPay knows no disputes';
  if (payment.state !== 'paid') return 'the payment is not paid';
  if (open !== undefined) return void ledger.moveDispute(payment, open, status);
  if (closing.includes(status)) return 'the payment has no open dispute';
  if (amount === 0 || amount > payment.captured) return `only ${payment.captured} was captured`;
  return void ledger.dispute(payment, { amount, reason, status });
};

const parse = <Schema extends z.ZodType>(schema: Schema, body: string): z.output<Schema> | string => {
  try {
    const parsed = schema.safeParse(body === '' ? {} : JSON.parse(body));
    return parsed.success ? parsed.data : fieldWords(parsed.error.issues);
  } catch {
    return 'the body must be JSON';
  }
};

/** Refunds or disputes a payment as somebody does at the provider. Returns why not, or undefined when it is done. */
export const atDashboard = (
  ledger: Ledger,
  payment: SimulatedPayment,
  verb: 'refund' | 'dispute',
  body: string,
): Refused => {
  if (verb === 'refund') {
    const given = parse(Refund, body);
    return typeof given === 'string' ? given : refund(ledger, payment, given);
  }
  const given = parse(Dispute, body);
  return typeof given === 'string' ? given : dispute(ledger, payment, given);
};

const listPage = (payments: readonly SimulatedPayment[], reader: Reader): Reply => {
  const { say, language } = reader;
  const entries = payments
    .filter(({ state }) => state === 'paid')
    .slice(-50)
    .reverse()
    .map((one) => `<li><a href="/dashboard/${escaped(one.page)}">${escaped(nameOf(one, reader))}</a></li>`);
  const nothing = say({ en: 'No payment is paid yet.', ja: '支払い済みはありません' });
  const list = entries.length === 0 ? `<p>${nothing}</p>` : `<ul>${entries.join('')}</ul>`;
  const heading = say({ en: 'Paid: the provider’s dashboard', ja: '支払い済み（管理画面）' });
  return html(heading, `<h1>${heading}</h1>${list}`, { language });
};

const button = (action: string, text: string) => `<button name="action" value="${action}">${text}</button>`;

const disputeButtons = ({ provider, disputes }: SimulatedPayment, { say }: Reader): string => {
  if (provider !== 'stripe') return '';
  const isOpen = disputes.some(({ status }) => status === 'needs_response' || status === 'under_review');
  if (!isOpen) return button('dispute', say({ en: 'The customer disputes it', ja: '異議を申し立てる' }));
  return [
    button('won', say({ en: 'The bank decides for the shop', ja: '異議で勝つ' })),
    button('lost', say({ en: 'The bank decides for the customer', ja: '異議で負ける' })),
  ].join('\n');
};

const paymentPage = (payment: SimulatedPayment, reader: Reader, note = ''): Reply => {
  const { say, language } = reader;
  const { provider, subject, id, page, disputes } = payment;
  const order = subject.orderId ?? payment.description;
  const refunded = money({ ...payment, amount: refundedOf(payment) }, reader);
  const opened = disputes.map(({ id: dispute, status }) => `<dt>${escaped(dispute)}</dt><dd>${status}</dd>`).join('');
  return html(
    `${names[provider]}: ${order}`,
    `<h1>${names[provider]}: ${say({ en: 'dashboard', ja: '管理画面' })}</h1>
<p class="amount">${escaped(money(payment, reader))}</p>
<dl><dt>${say({ en: 'Order', ja: 'ご注文' })}</dt><dd>${escaped(order)}</dd><dt>ID</dt><dd>${escaped(id)}</dd>
<dt>${say({ en: 'Refunded', ja: '返金済み' })}</dt><dd>${escaped(refunded)}</dd>${opened}</dl>
${note === '' ? '' : `<p class="state" role="status">${escaped(note)}</p>`}
<form method="post" action="/dashboard/${escaped(page)}">
<label>${say({ en: 'Amount in minor units', ja: '金額（最小単位）' })} <input name="amount" inputmode="numeric" pattern="[0-9]*"></label>
${button('refund', say({ en: 'Refund', ja: '返金する' }))}
${disputeButtons(payment, reader)}</form>
<small>${say({ en: 'Without an amount it is all that is left.', ja: '金額が空なら残り全額です。' })}</small>`,
    { language },
  );
};

const act = (ledger: Ledger, payment: SimulatedPayment, { body, header }: Asked): Reply => {
  const form = new URLSearchParams(body);
  const action = form.get('action') ?? '';
  const amount = form.get('amount') ?? '';
  const given = amount === '' ? {} : { amount: Number(amount) };
  const isRefund = action === 'refund';
  const asked = action === 'won' || action === 'lost' ? { status: action } : given;
  const refused = atDashboard(ledger, payment, isRefund ? 'refund' : 'dispute', JSON.stringify(asked));
  if (refused === undefined) return seeOther(`/dashboard/${payment.page}`);
  return paymentPage(payment, readerOf(header('accept-language')), refused);
};

/** What the shop's people do in the provider's dashboard, and what the customer's bank does: unasked for by the shop. */
export const dashboardPages =
  (ledger: Ledger) =>
  (asked: Asked): Reply => {
    const reader = readerOf(asked.header('accept-language'));
    if (asked.path === '/dashboard') return listPage(ledger.all(), reader);
    const [, page] = /^\/dashboard\/([0-9a-f-]{36})$/.exec(asked.path) ?? [];
    const payment = ledger.find((one) => one.page === page);
    if (payment === undefined) return missingPage(reader);
    return asked.method === 'POST' ? act(ledger, payment, asked) : paymentPage(payment, reader);
  };
