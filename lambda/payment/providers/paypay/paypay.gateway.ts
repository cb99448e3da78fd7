import { randomInt } from 'node:crypto';
import { payPayIdOf } from '../../../contracts/values/paypay-ids';
import {
  type PaymentProvider,
  type PaymentReference,
  ProviderRefusedError,
  type ProviderSnapshot,
  ProviderUnavailableError,
  type RefundRequest,
} from '../provider';
import { callPayPay, isMissing, type PayPayAccess } from './paypay-client.gateway';
import {
  merchantRefundId,
  PayPayCode,
  PayPayDetails,
  type PayPayPayment,
  PayPayRefund,
  payPayPaymentSnapshot,
  payPayRefundSnapshot,
  unrefundedPayPay,
} from './paypay-snapshot';

const maxSuffixes = 5; // of 936: a collision is unlikely and only tried again
const codeSeconds = 300; // a code's lifetime as documented by PayPay

const yen = ({ amount, currency }: Pick<PaymentReference, 'amount' | 'currency'>) => {
  if (currency !== 'JPY') throw new ProviderRefusedError('currency-not-supported');
  return { amount: { amount, currency } };
};

const unlessMissing = async <Answer>(operation: () => Promise<Answer>): Promise<Answer | undefined> => {
  try {
    return await operation();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

const read = (access: PayPayAccess, reference: PaymentReference, id: string): Promise<PayPayPayment | undefined> =>
  unlessMissing(async () => {
    const path = `/v2/codes/payments/${encodeURIComponent(id)}`;
    const details = PayPayDetails.parse(await callPayPay(access, { method: 'GET', path }));
    if (details.status !== 'CREATED' && !details.amount)
      throw new ProviderUnavailableError('PayPay returned no amount');
    return {
      ...details,
      merchantPaymentId: details.merchantPaymentId ?? id,
      amount: details.amount ?? yen(reference).amount,
    };
  });

/** Codes under later keys end in two digits; replacements for lost URLs end in a letter and a letter or digit. */
const idByKey = ({ keyNumber = 0, ...reference }: PaymentReference) =>
  payPayIdOf(reference, keyNumber === 0 ? '' : String(keyNumber).padStart(2, '0'));

const idOf = (reference: PaymentReference) => reference.externalPaymentId ?? idByKey(reference);

const currentSnapshot = (access: PayPayAccess, payment: PayPayPayment): ProviderSnapshot =>
  payPayPaymentSnapshot(payment, access.now().toISOString());

/** Where PayPay sends the customer after payment. */
const redirectOf = ({ returnUrl }: PayPayAccess, { tenant, orderId }: PaymentReference) =>
  returnUrl === undefined
    ? {}
    : {
        redirectUrl: returnUrl.replaceAll('{tenant}', tenant).replaceAll('{orderId}', orderId),
        redirectType: 'WEB_LINK',
      };

/** Creates a code. Returns undefined when the ID is taken. */
const createCode = async (
  access: PayPayAccess,
  reference: PaymentReference,
  id: string,
): Promise<PayPayCode | undefined> => {
  const body = {
    ...{ merchantPaymentId: id, ...yen(reference), codeType: 'ORDER_QR', orderDescription: reference.orderId },
    ...redirectOf(access, reference),
  };
  try {
    return PayPayCode.parse(await callPayPay(access, { method: 'POST', path: '/v2/codes', body }));
  } catch (error) {
    if (error instanceof ProviderRefusedError && error.reason === 'DUPLICATE_DYNAMIC_QR_REQUEST') return undefined;
    throw error;
  }
};

/** A letter, and a letter or digit. */
const randomSuffix = () => randomInt(10 * 36, 36 ** 2).toString(36);

const expiryOf = ({ expiryDate }: PayPayCode, now: Date): string =>
  new Date(expiryDate ? expiryDate * 1000 : now.getTime() + codeSeconds * 1000).toISOString();

const codeSnapshot = (
  access: PayPayAccess,
  reference: PaymentReference,
  id: string,
  code: PayPayCode,
): ProviderSnapshot => ({
  ...currentSnapshot(access, { merchantPaymentId: id, status: 'CREATED', ...yen(reference) }),
  paymentIntentId: code.codeId,
  checkout: { redirectUrl: code.url, expiresAt: expiryOf(code, access.now()) },
});

/**
 * PayPay returns a code's URL only once. When that response is lost nobody can pay with the code, so another replaces
 * it. A code that was paid or has failed is the payment.
 */
const create = async (access: PayPayAccess, reference: PaymentReference): Promise<ProviderSnapshot> => {
  const first = idByKey(reference);
  const code = await createCode(access, reference, first);
  if (code !== undefined) return codeSnapshot(access, reference, first, code);
  const found = await read(access, reference, first);
  if (found !== undefined && found.status !== 'CREATED') return currentSnapshot(access, found);
  for (let tried = 0; tried < maxSuffixes; tried += 1) {
    const id = payPayIdOf(reference, randomSuffix());
    const another = await createCode(access, reference, id);
    if (another !== undefined) return codeSnapshot(access, reference, id, another);
  }
  throw new ProviderRefusedError('codes-lost');
};

const isPaid = (error: unknown) => error instanceof ProviderRefusedError && error.reason === 'DYNAMIC_QR_ALREADY_PAID';

/** A code without a known URL counts as closed; any other is deleted. */
const cancel = async (access: PayPayAccess, reference: PaymentReference): Promise<ProviderSnapshot> => {
  const { paymentIntentId: codeId } = reference;
  if (codeId !== undefined) {
    const path = `/v2/codes/${encodeURIComponent(codeId)}`;
    await callPayPay(access, { method: 'DELETE', path }).catch((error: unknown) => {
      if (!isMissing(error) && !isPaid(error)) throw error;
    });
  }
  const found = await read(access, reference, idOf(reference));
  const snapshot = currentSnapshot(
    access,
    found ?? { merchantPaymentId: idOf(reference), status: 'CANCELED', ...yen(reference) },
  );
  return snapshot.state === 'OPEN' ? { ...snapshot, state: 'CANCELLED' } : snapshot;
};

const capture = async (access: PayPayAccess, reference: PaymentReference): Promise<ProviderSnapshot> => {
  const id = idOf(reference);
  const body = { merchantPaymentId: id, merchantCaptureId: id, ...yen(reference), orderDescription: reference.orderId };
  try {
    await callPayPay(access, { method: 'POST', path: '/v2/payments/capture', body });
  } catch (error) {
    if (!(error instanceof ProviderRefusedError) || error.reason !== 'ALREADY_CAPTURED') throw error;
  }
  const found = await read(access, reference, id);
  if (found === undefined) throw new ProviderRefusedError('DYNAMIC_QR_PAYMENT_NOT_FOUND');
  return currentSnapshot(access, found);
};

const refund = async (access: PayPayAccess, reference: PaymentReference, request: RefundRequest) => {
  const id = merchantRefundId(request.key);
  const found = await read(access, reference, idOf(reference));
  if (!found?.paymentId) throw new ProviderRefusedError('DYNAMIC_QR_PAYMENT_NOT_FOUND');
  const { paymentId } = found;
  const path = `/v2/refunds/${encodeURIComponent(id)}`;
  const known = await unlessMissing(() => callPayPay(access, { method: 'GET', path, query: { paymentId } }));
  if (known !== undefined) return payPayRefundSnapshot(PayPayRefund.parse(known));
  if (unrefundedPayPay(found) < request.amount) throw new ProviderRefusedError('more-than-left');
  const body = { merchantRefundId: id, paymentId, ...yen(request), reason: request.refundId };
  const made = await callPayPay(access, { method: 'POST', path: '/v2/refunds', body });
  return payPayRefundSnapshot(PayPayRefund.parse(made));
};

/** Payments by PayPay's codes, through its Open Payment API. */
export const payPayGateway = (access: PayPayAccess): PaymentProvider => ({
  create: (charge) => create(access, charge),
  fetch: async (reference) => {
    const found = await read(access, reference, idOf(reference));
    return found === undefined ? undefined : currentSnapshot(access, found);
  },
  capture: (reference) => capture(access, reference),
  cancel: (reference) => cancel(access, reference),
  refund: (reference, request) => refund(access, reference, request),
});
