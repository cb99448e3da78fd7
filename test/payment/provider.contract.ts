import { randomInt } from 'node:crypto';
import type { PaymentMethod } from '../../lambda/contracts/values/payment-status';
import {
  type Charge,
  type PaymentProvider,
  ProviderRefusedError,
  type ProviderSnapshot,
  ProviderUnavailableError,
  type RefundRequest,
} from '../../lambda/payment/providers/provider';
import { freshTenant } from '../stores/builders';

type ProviderHarness = {
  readonly provider: PaymentProvider;
  readonly paymentMethod: PaymentMethod;
  /** Where a payment is that was asked for a moment ago. */
  readonly begun: ProviderSnapshot['state'];
  /** Whether an ID is the same however often it is asked for: PayPay tells the address of a code once. */
  readonly repeats: boolean;
  /** An ID that the provider has never given. */
  readonly unknownId: string;
  /** Makes sure that a payment of this charge can be paid. */
  readonly prepare: (charge: Charge) => Promise<unknown>;
  readonly pay: (charge: Charge, seen: ProviderSnapshot) => Promise<unknown>;
  /** The answer to the next query that changes something is lost, after its effect. */
  readonly loseAnswer: (charge: Charge) => Promise<unknown>;
  /** How many payments and refunds the provider has for a charge. */
  readonly made: (charge: Charge) => Promise<{ payments: number; refunds: number }>;
};

const aCharge = (paymentMethod: PaymentMethod): Charge => {
  const orderId = `ORD-${randomInt(100_000, 999_999)}`;
  const tenant = freshTenant();
  const paymentId = `PAY-${orderId}`;
  return {
    tenant,
    orderId,
    paymentId,
    paymentMethod,
    userId: 'ada',
    amount: 6600,
    currency: 'JPY',
    key: `${tenant}#${paymentId}`,
    expiresAt: '2026-11-21T08:30:00.000Z',
  };
};

const aRefund = ({ key }: Charge, refundId: string, amount: number): RefundRequest => ({
  refundId,
  amount,
  currency: 'JPY',
  reason: 'returned',
  key: `${key}:refund:${refundId}`,
});

type Open = () => ProviderHarness;

const asks = (open: Open) => {
  const begin = async () => {
    const harness = open();
    const charge = aCharge(harness.paymentMethod);
    await harness.prepare(charge);
    return { ...harness, charge };
  };

  test('S2-13 S3-19 makes a payment of what is asked for, and says whose it is', async () => {
    const { provider, charge, begun } = await begin();
    const seen = await provider.create(charge);
    const { tenant, paymentId } = charge;
    expect(seen).toMatchObject({ state: begun, amount: 6600, currency: 'JPY', tenant, paymentId });
    expect(seen.externalPaymentId).not.toBe('');
  });

  test('S2-13 the same key is the same payment', async () => {
    const { provider, charge, repeats, made } = await begin();
    const first = await provider.create(charge);
    const asked = { ...charge, externalPaymentId: first.externalPaymentId };
    expect(await provider.fetch(asked)).toMatchObject({ externalPaymentId: first.externalPaymentId });
    if (repeats) expect(await provider.create(charge)).toMatchObject({ externalPaymentId: first.externalPaymentId });
    expect(await made(charge)).toEqual({ payments: 1, refunds: 0 });
  });

  test('S2-13 a payment whose answer was lost is found by its key, and asked for again it takes no second charge', async () => {
    const { provider, charge, begun, repeats, loseAnswer, pay } = await begin();
    await loseAnswer(charge);
    await expect(provider.create(charge)).rejects.toBeInstanceOf(ProviderUnavailableError);
    expect(await provider.fetch(charge)).toMatchObject({ state: begun, paymentId: charge.paymentId });
    const seen = await provider.create(charge);
    await pay(charge, seen);
    const after = { ...charge, externalPaymentId: seen.externalPaymentId };
    expect(await provider.fetch(after)).toMatchObject({ state: 'CAPTURED', amount: 6600 });
    if (repeats) expect(await provider.create(charge)).toMatchObject({ externalPaymentId: seen.externalPaymentId });
  });

  test('S2-13 knows nothing of a payment that it never made', async () => {
    const { provider, charge, unknownId } = await begin();
    expect(await provider.fetch({ ...charge, externalPaymentId: unknownId })).toBeUndefined();
  });

  test('S2-13 shows what was captured once the customer has paid', async () => {
    const { provider, charge, pay } = await begin();
    const seen = await provider.create(charge);
    await pay(charge, seen);
    const asked = { ...charge, externalPaymentId: seen.externalPaymentId };
    const paid = await provider.fetch(asked);
    expect(paid).toMatchObject({ state: 'CAPTURED', amount: 6600, currency: 'JPY', paymentId: charge.paymentId });
    expect(paid?.checkout).toBeUndefined();
  });
};

const gives = (open: Open) => {
  const paid = async () => {
    const harness = open();
    const charge = aCharge(harness.paymentMethod);
    await harness.prepare(charge);
    const seen = await harness.provider.create(charge);
    await harness.pay(charge, seen);
    const { externalPaymentId, paymentIntentId } = seen;
    return { ...harness, charge, asked: { ...charge, externalPaymentId, paymentIntentId } };
  };

  test('S2-13 gives back in parts, each once by its key, and never more than was captured', async () => {
    const { provider, charge, asked, made } = await paid();
    const first = await provider.refund(asked, aRefund(charge, 'R-1', 1600));
    expect(first).toMatchObject({ amount: 1600, state: 'COMPLETED' });
    expect(await provider.refund(asked, aRefund(charge, 'R-1', 1600))).toEqual(first);
    expect(await provider.refund(asked, aRefund(charge, 'R-2', 5000))).toMatchObject({ amount: 5000 });
    expect(await provider.fetch(asked)).toMatchObject({ state: 'CAPTURED', refundedAmount: 6600 });
    await expect(provider.refund(asked, aRefund(charge, 'R-3', 1))).rejects.toBeInstanceOf(ProviderRefusedError);
    expect(await made(charge)).toEqual({ payments: 1, refunds: 2 });
  });

  test('S2-13 a refund whose answer was lost is the same refund when it is asked for again', async () => {
    const { provider, charge, asked, loseAnswer, made } = await paid();
    await loseAnswer(charge);
    const wanted = aRefund(charge, 'R-1', 600);
    await expect(provider.refund(asked, wanted)).rejects.toBeInstanceOf(ProviderUnavailableError);
    expect(await provider.refund(asked, wanted)).toMatchObject({ amount: 600, state: 'COMPLETED' });
    expect(await made(charge)).toEqual({ payments: 1, refunds: 1 });
  });

  test('S2-13 says that it was too late to cancel what is captured', async () => {
    const { provider, asked } = await paid();
    expect(await provider.cancel(asked)).toMatchObject({ state: 'CAPTURED', amount: 6600 });
  });
};

const lets = (open: Open) => {
  const begin = async () => {
    const harness = open();
    const charge = aCharge(harness.paymentMethod);
    await harness.prepare(charge);
    return { ...harness, charge };
  };

  test('S2-13 lets go what is not captured, however often it is told to', async () => {
    const { provider, charge } = await begin();
    const { externalPaymentId, paymentIntentId } = await provider.create(charge);
    const asked = { ...charge, externalPaymentId, paymentIntentId };
    expect(await provider.cancel(asked)).toMatchObject({ state: 'CANCELLED', externalPaymentId });
    expect(await provider.cancel(asked)).toMatchObject({ state: 'CANCELLED', externalPaymentId });
    expect(await provider.fetch(asked)).toMatchObject({ state: 'CANCELLED' });
  });

  test('S2-13 lets go what it does not know yet', async () => {
    const { provider, charge } = await begin();
    expect(await provider.cancel(charge)).toMatchObject({ state: 'CANCELLED', paymentId: charge.paymentId });
  });

  test('S2-13 a cancel whose answer was lost is cancelled when it is asked again', async () => {
    const { provider, charge, loseAnswer } = await begin();
    const { externalPaymentId, paymentIntentId } = await provider.create(charge);
    const asked = { ...charge, externalPaymentId, paymentIntentId };
    await loseAnswer(charge);
    await expect(provider.cancel(asked)).rejects.toBeInstanceOf(ProviderUnavailableError);
    expect(await provider.cancel(asked)).toMatchObject({ state: 'CANCELLED' });
  });
};

/** What every payment provider promises, whoever it is. */
export const providerContract = (name: string, open: Open): void => {
  describe(`payment provider ${name}`, () => {
    asks(open);
    gives(open);
    lets(open);
  });
};
