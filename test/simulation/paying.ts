import type { ReconcileDeps } from '../../lambda/alert/payments/reconcile-payments';
import type { Tenant } from '../../lambda/kernel/tenant';
import { describeOrder } from '../../lambda/order/describe-order';
import type { AdvanceDeps } from '../../lambda/payment/advance-payment';
import { describePayment } from '../../lambda/payment/describe-payment';
import type { PaymentStore } from '../../lambda/payment/payment.store';
import type { Io } from '../stores/io';
import { alertTruth } from './alert-truth';
import { siteOf } from './client';
import { fakeEncrypt } from './fake-encryption';
import { visitPage } from './page-visits';
import type { Parts } from './parts';
import { payers } from './payers';
import { fakeProvider } from './provider';
import { clockOf, type World } from './world';

/** What the functions of the payment service have, each for one process that talks through `io`. */
export const paying = (world: World, parts: Parts, io: Io): AdvanceDeps & { readonly payments: PaymentStore } => {
  const deps = (another: Io) => paying(world, parts, another);
  const opened = payers(world, (deal, pays) => visitPage(world, { deal, pays, deps, live: parts.liveCheckout }));
  const provider = parts.provider(fakeProvider(world, io, { opened, findRefund: parts.findRefund }));
  return {
    payments: parts.paymentStore(siteOf(world, io)),
    providers: { stripe: provider, paypay: provider, balance: provider },
    encryptDetails: fakeEncrypt,
    now: clockOf(world),
  };
};

/** How long the services may take until somebody is alerted. */
export const alertTimeouts = { refundSeconds: 900, stuckSeconds: 900 };

/** What the functions have that watch orders and their payments. */
export const watching = (world: World, parts: Parts, io: Io) => {
  const truth = alertTruth(world);
  const owners = {
    order: describeOrder(parts.orderStore(siteOf(world, io))),
    payment: describePayment({ payments: parts.paymentStore(siteOf(world, io)) }),
  };
  const asking = (owner: keyof typeof owners) => (query: unknown) => {
    const { tenantId, orderId } = query as { tenantId: Tenant; orderId: string };
    truth.asked(owner, { tenant: tenantId, orderId });
    return owners[owner](query);
  };
  return {
    states: parts.orderPaymentStore(siteOf(world, io)),
    timeouts: alertTimeouts,
    now: clockOf(world),
    onRaised: ({ tenant, orderId, type }) => {
      world.note(`alert: ${type} of ${tenant}#${orderId}`);
      truth.raised({ tenant, orderId, type });
    },
    query: { order: asking('order'), payment: asking('payment') },
    onUnanswered: () => world.note('an owner did not answer'),
  } satisfies ReconcileDeps;
};
