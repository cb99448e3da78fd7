import { createHash, createHmac } from 'node:crypto';
import * as z from 'zod';
import { ownerOfPayPayId } from '../../lambda/contracts/values/paypay-ids';
import type { Reply } from '../lib/page';
import { simulatorKeys } from './keys';
import type { Ledger } from './ledger';
import { refundedOf, type SimulatedPayment } from './payment';
import { payPayCode, payPayPayment, payPayRefund } from './paypay-objects';
import { type Asked, json, planResponse, type ResponsePlan } from './reply';
import type { Subject } from './scenario';

type Deps = {
  readonly ledger: Ledger;
  readonly pageOf: (payment: SimulatedPayment) => string;
  readonly now: () => number;
};

const answer = (status: number, code: string, codeId: string, data: unknown = null): Reply =>
  json(status, { resultInfo: { code, message: code, codeId }, data });

const success = (data: unknown, status = 200) => answer(status, 'SUCCESS', '08100001', data);
const down = answer(503, 'MAINTENANCE_MODE', '08100999');
const nowhere = answer(404, 'RESOURCE_NOT_FOUND', '08100007');
const badParams = answer(400, 'INVALID_REQUEST_PARAMS', '08100006');

const clockSkewSeconds = 120;

const macOf = (
  { method, path, body }: Asked,
  nonce: string,
  epoch: string,
  type: string,
): readonly [string, string] => {
  const hash = body === '' ? 'empty' : createHash('md5').update(type).update(body).digest('base64');
  const signed = [path, method, nonce, epoch, body === '' ? 'empty' : type, hash].join('\n');
  return [createHmac('sha256', simulatorKeys.paypay.apiSecret).update(signed).digest('base64'), hash];
};

/** Whether the request is signed as PayPay wants it: `hmac OPA-Auth:<key>:<mac>:<nonce>:<epoch>:<hash>`. */
const isSigned = (asked: Asked, now: number): boolean => {
  const [, given = ''] = /^hmac OPA-Auth:(.+)$/.exec(asked.header('authorization') ?? '') ?? [];
  const [key, mac, nonce = '', epoch = '', hash] = given.split(':');
  const [expected, digest] = macOf(asked, nonce, epoch, asked.header('content-type') ?? '');
  const isFresh = Math.abs(now / 1000 - Number(epoch)) <= clockSkewSeconds;
  return key === simulatorKeys.paypay.apiKey && mac === expected && hash === digest && isFresh;
};

const Yen = z.object({ amount: z.int().positive(), currency: z.literal('JPY') });

const NewCode = z.object({
  merchantPaymentId: z.string().min(1).max(64),
  amount: Yen,
  codeType: z.literal('ORDER_QR'),
  orderDescription: z.string().max(255).default(''),
  requestedAt: z.int(),
});

const NewRefund = z.object({
  merchantRefundId: z.string().min(1).max(64),
  paymentId: z.string().min(1).max(64),
  amount: Yen,
  requestedAt: z.int(),
  reason: z.string().default(''),
});

type Answer = { readonly reply: Reply; readonly payment?: SimulatedPayment };

const subjectOf = (id: string): Subject => {
  const owner = ownerOfPayPayId(id);
  return { tenant: owner?.tenant, orderId: owner?.paymentId.replace('PAY-', ''), paymentId: owner?.paymentId ?? id };
};

const create = ({ ledger, pageOf }: Deps, body: unknown): Answer => {
  const { data: given } = NewCode.safeParse(body);
  if (given === undefined) return { reply: badParams };
  const { merchantPaymentId: id, amount, orderDescription: description } = given;
  if (ledger.isDown(subjectOf(id))) return { reply: down };
  const there = ledger.get(id);
  if (there !== undefined) return { payment: there, reply: answer(400, 'DUPLICATE_DYNAMIC_QR_REQUEST', '01652073') };
  const about = { subject: subjectOf(id), metadata: {}, methods: ['paypay'] };
  const payment = ledger.open({ provider: 'paypay', id, ...amount, description, ...about });
  return { payment, reply: success(payPayCode(payment, pageOf(payment)), 201) };
};

const refund = ({ ledger }: Deps, body: unknown): Answer => {
  const { data: given } = NewRefund.safeParse(body);
  if (given === undefined) return { reply: badParams };
  const payment = ledger.find(({ transactionId }) => transactionId === given.paymentId);
  if (payment?.state !== 'paid') return { reply: answer(404, 'RESOURCE_NOT_FOUND', '00200001') };
  const { merchantRefundId: id, reason } = given;
  const { amount } = given.amount;
  if (payment.refunds.some((one) => one.id === id))
    return { payment, reply: answer(400, 'UNACCEPTABLE_OP', '00200014') };
  if (amount > payment.captured - refundedOf(payment))
    return { payment, reply: answer(400, 'INVALID_PARAMS', '00200015') };
  const made = ledger.refund(payment, { id, amount, metadata: { reason } });
  return { payment, reply: success(payPayRefund(payment, made), 201) };
};

const remove = ({ ledger }: Deps, codeId: string): Answer => {
  const payment = ledger.find(({ secret, provider }) => provider === 'paypay' && secret === codeId);
  if (payment === undefined) return { reply: answer(404, 'DYNAMIC_QR_NOT_FOUND', '01652072') };
  if (payment.scenario.name === 'provider-down') return { reply: down };
  ledger.cancel(payment);
  if (payment.state === 'paid') return { payment, reply: answer(400, 'DYNAMIC_QR_ALREADY_PAID', '01652074') };
  return { payment, reply: success(null) };
};

const shown = (payment: SimulatedPayment | undefined, missing: Reply, view: (payment: SimulatedPayment) => unknown) => {
  if (payment === undefined) return { reply: missing };
  return payment.scenario.name === 'provider-down' ? { reply: down } : { payment, reply: success(view(payment)) };
};

const showPayment = ({ ledger }: Deps, id: string): Answer =>
  shown(ledger.get(id), answer(400, 'DYNAMIC_QR_PAYMENT_NOT_FOUND', '01652075'), payPayPayment);

const showRefund = ({ ledger }: Deps, id: string, paymentId: string | null): Answer => {
  if (paymentId === null) return { reply: badParams };
  const isIt = (refund: { readonly id: string }) => refund.id === id;
  const payment = ledger.find(({ transactionId, refunds }) => transactionId === paymentId && refunds.some(isIt));
  return shown(payment, answer(404, 'NO_SUCH_REFUND_ORDER', '01652075'), (found) => {
    const made = found.refunds.find(isIt);
    return made && payPayRefund(found, made);
  });
};

const show = (deps: Deps, { path, query }: Asked): Answer => {
  const [, paymentId] = /^\/v2\/codes\/payments\/([^/]+)$/.exec(path) ?? [];
  if (paymentId !== undefined) return showPayment(deps, decodeURIComponent(paymentId));
  const [, refundId] = /^\/v2\/refunds\/([^/]+)$/.exec(path) ?? [];
  if (refundId !== undefined) return showRefund(deps, decodeURIComponent(refundId), query.get('paymentId'));
  return { reply: nowhere };
};

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const put = (deps: Deps, asked: Asked): Answer => {
  const { method, path, body } = asked;
  if (method === 'POST' && path === '/v2/codes') return create(deps, parse(body));
  if (method === 'POST' && path === '/v2/refunds') return refund(deps, parse(body));
  const [, codeId] = /^\/v2\/codes\/([^/]+)$/.exec(path) ?? [];
  if (method === 'DELETE' && codeId !== undefined) return remove(deps, decodeURIComponent(codeId));
  if (method === 'GET') return show(deps, asked);
  return { reply: nowhere };
};

/** The part of PayPay's Open Payment API that a shop needs, with its signatures and its error codes. */
export const payPayApi =
  (deps: Deps) =>
  (asked: Asked): ResponsePlan => {
    if (!isSigned(asked, deps.now())) return { reply: answer(401, 'UNAUTHORIZED', '08100016') };
    const { reply, payment } = put(deps, asked);
    return payment === undefined ? { reply } : planResponse(payment, asked.method !== 'GET', reply);
  };
