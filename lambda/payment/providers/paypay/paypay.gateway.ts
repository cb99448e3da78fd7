import { randomInt } from 'node:crypto';
import { payPayIdOf } from '../../../contracts/paypay-ids';
import {
  type AskedPayment,
  type AskedRefund,
  type PaymentProvider,
  ProviderRefusedError,
  type ProviderSnapshot,
  ProviderUnavailableError,
} from '../provider';
import { askPayPay, isMissing, type PayPayAccess } from './paypay-client.gateway';
import {
  leftOfPayPay,
  merchantRefundId,
  PayPayCode,
  PayPayDetails,
  type PayPayPayment,
  PayPayRefund,
  payPayPaymentSnapshot,
  payPayRefundSnapshot,
} from './paypay-snapshot';

const maxSuffixes = 5; // of 936: the same one twice is unlikely, and is only tried again
const codeSeconds = 300; // how long a code lives, as PayPay's documents say

const yen = ({ amount, currency }: Pick<AskedPayment, 'amount' | 'currency'>) => {
  if (currency !== 'JPY') throw new ProviderRefusedError('currency-not-supported');
  return { amount: { amount, currency } };
};

const unlessMissing = async <Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> => {
  try {
    return await ask();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

const read = (access: PayPayAccess, asked: AskedPayment, id: string): Promise<PayPayPayment | undefined> =>
  unlessMissing(async () => {
    const path = `/v2/codes/payments/${encodeURIComponent(id)}`;
    const details = PayPayDetails.parse(await askPayPay(access, { method: 'GET', path }));
    if (details.status !== 'CREATED' && !details.amount) throw new ProviderUnavailableError('PayPay told no amount');
    return {
      ...details,
      merchantPaymentId: details.merchantPaymentId ?? id,
      amount: details.amount ?? yen(asked).amount,
    };
  });

/** Codes under another key than the first have a suffix of two digits; those whose address was lost begin with a letter. */
const idByKey = ({ keyNumber = 0, ...asked }: AskedPayment) =>
  payPayIdOf(asked, keyNumber === 0 ? '' : String(keyNumber).padStart(2, '0'));

const idOf = (asked: AskedPayment) => asked.externalPaymentId ?? idByKey(asked);

const sight = (access: PayPayAccess, payment: PayPayPayment): ProviderSnapshot =>
  payPayPaymentSnapshot(payment, access.now().toISOString());

/** Where PayPay sends the customer when it is paid. */
const wayBack = ({ returnUrl }: PayPayAccess, { tenant, orderId }: AskedPayment) =>
  returnUrl === undefined
    ? {}
    : {
        redirectUrl: returnUrl.replaceAll('{tenant}', tenant).replaceAll('{orderId}', orderId),
        redirectType: 'WEB_LINK',
      };

/** A new code; nothing when there is one of this ID already. */
const createCode = async (access: PayPayAccess, asked: AskedPayment, id: string): Promise<PayPayCode | undefined> => {
  const body = {
    ...{ merchantPaymentId: id, ...yen(asked), codeType: 'ORDER_QR', orderDescription: asked.orderId },
    ...wayBack(access, asked),
  };
  try {
    return PayPayCode.parse(await askPayPay(access, { method: 'POST', path: '/v2/codes', body }));
  } catch (error) {
    if (error instanceof ProviderRefusedError && error.reason === 'DUPLICATE_DYNAMIC_QR_REQUEST') return undefined;
    throw error;
  }
};

/** A letter, and a letter or digit. */
const randomSuffix = () => randomInt(10 * 36, 36 ** 2).toString(36);

const endOf = ({ expiryDate }: PayPayCode, now: Date): string =>
  new Date(expiryDate ? expiryDate * 1000 : now.getTime() + codeSeconds * 1000).toISOString();

const codeSnapshot = (access: PayPayAccess, asked: AskedPayment, id: string, code: PayPayCode): ProviderSnapshot => ({
  ...sight(access, { merchantPaymentId: id, status: 'CREATED', ...yen(asked) }),
  paymentIntentId: code.codeId,
  checkout: { redirectUrl: code.url, expiresAt: endOf(code, access.now()) },
});

/**
 * PayPay tells a code's address once. When that answer was lost nobody knows the address, so nobody can pay by it, and
 * another code takes its place. One that was paid, or has failed, is the payment.
 */
const create = async (access: PayPayAccess, asked: AskedPayment): Promise<ProviderSnapshot> => {
  const first = idByKey(asked);
  const code = await createCode(access, asked, first);
  if (code !== undefined) return codeSnapshot(access, asked, first, code);
  const there = await read(access, asked, first);
  if (there !== undefined && there.status !== 'CREATED') return sight(access, there);
  for (let tried = 0; tried < maxSuffixes; tried += 1) {
    const id = payPayIdOf(asked, randomSuffix());
    const another = await createCode(access, asked, id);
    if (another !== undefined) return codeSnapshot(access, asked, id, another);
  }
  throw new ProviderRefusedError('codes-lost');
};

const isPaid = (error: unknown) => error instanceof ProviderRefusedError && error.reason === 'DYNAMIC_QR_ALREADY_PAID';

/** A code without its address is as good as closed; one with it is closed by deleting it. */
const cancel = async (access: PayPayAccess, asked: AskedPayment): Promise<ProviderSnapshot> => {
  const { paymentIntentId: codeId } = asked;
  if (codeId !== undefined) {
    const path = `/v2/codes/${encodeURIComponent(codeId)}`;
    await askPayPay(access, { method: 'DELETE', path }).catch((error: unknown) => {
      if (!isMissing(error) && !isPaid(error)) throw error;
    });
  }
  const there = await read(access, asked, idOf(asked));
  const seen = sight(access, there ?? { merchantPaymentId: idOf(asked), status: 'CANCELED', ...yen(asked) });
  return seen.state === 'OPEN' ? { ...seen, state: 'CANCELLED' } : seen;
};

const capture = async (access: PayPayAccess, asked: AskedPayment): Promise<ProviderSnapshot> => {
  const id = idOf(asked);
  const body = { merchantPaymentId: id, merchantCaptureId: id, ...yen(asked), orderDescription: asked.orderId };
  try {
    await askPayPay(access, { method: 'POST', path: '/v2/payments/capture', body });
  } catch (error) {
    if (!(error instanceof ProviderRefusedError) || error.reason !== 'ALREADY_CAPTURED') throw error;
  }
  const there = await read(access, asked, id);
  if (there === undefined) throw new ProviderRefusedError('DYNAMIC_QR_PAYMENT_NOT_FOUND');
  return sight(access, there);
};

const refund = async (access: PayPayAccess, asked: AskedPayment, wanted: AskedRefund) => {
  const id = merchantRefundId(wanted.key);
  const there = await read(access, asked, idOf(asked));
  if (!there?.paymentId) throw new ProviderRefusedError('DYNAMIC_QR_PAYMENT_NOT_FOUND');
  const { paymentId } = there;
  const path = `/v2/refunds/${encodeURIComponent(id)}`;
  const known = await unlessMissing(() => askPayPay(access, { method: 'GET', path, query: { paymentId } }));
  if (known !== undefined) return payPayRefundSnapshot(PayPayRefund.parse(known));
  if (leftOfPayPay(there) < wanted.amount) throw new ProviderRefusedError('more-than-left');
  const body = { merchantRefundId: id, paymentId, ...yen(wanted), reason: wanted.refundId };
  const made = await askPayPay(access, { method: 'POST', path: '/v2/refunds', body });
  return payPayRefundSnapshot(PayPayRefund.parse(made));
};

/** Payments by PayPay's codes, through its Open Payment API. */
export const payPayGateway = (access: PayPayAccess): PaymentProvider => ({
  create: (charge) => create(access, charge),
  fetch: async (asked) => {
    const there = await read(access, asked, idOf(asked));
    return there === undefined ? undefined : sight(access, there);
  },
  capture: (asked) => capture(access, asked),
  cancel: (asked) => cancel(access, asked),
  refund: (asked, wanted) => refund(access, asked, wanted),
});
