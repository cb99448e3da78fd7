import type { AdvanceDeps, liveCheckout } from '../../lambda/payment/advance-payment';
import { type Payment, paymentIdOf } from '../../lambda/payment/domain/payment';
import type { PaymentStore } from '../../lambda/payment/payment.store';
import { orderPaymentView } from '../../lambda/payment/payments.http';
import type { Io } from '../stores/io';
import { type Deal, pageOf } from './deal';
import { broken } from './promises';
import { isEnded } from './provider-ledger';
import type { World } from './world';

/** The customer of a payment who asks for it once more. */
type Visitor = {
  readonly deal: Deal;
  readonly pays: (shown: Deal) => void;
  readonly deps: (io: Io) => AdvanceDeps & { readonly payments: PaymentStore };
  readonly live: typeof liveCheckout;
};

const openedOf = ({ details }: Payment) => JSON.parse(details ?? '{}') as { redirectUrl?: string };

/** Who asks for a payment is shown no page by which nobody can pay any more. */
const checkShown = ({ orderId }: Deal, shown: Deal | undefined, now: number) => {
  if (shown === undefined || isEnded({ now }, shown))
    broken('F-06', `${orderId} is shown a page that has ended, or is none`);
};

/** The customer asks for the payment of an order, as `GET /orders/{orderId}/payment` answers it. */
export const visitPage = (world: World, { deal, pays, live, ...visitor }: Visitor): void =>
  world.scheduler.start(
    `customer of ${deal.orderId} asks for the payment`,
    async (io) => {
      const deps = { ...visitor.deps(io), now: () => new Date(world.now) }; // its clock is right
      const found = await deps.payments.get({ tenant: deal.tenant, paymentId: paymentIdOf(deal.orderId) });
      const payment = found && (await live(deps)(found));
      const asked = world.now;
      const { checkout } = payment ? orderPaymentView(payment, openedOf(payment), new Date(asked)) : {};
      await io('customer.sees', () => {
        if (checkout === undefined) return;
        const shown = [...world.providerLedger.deals.values()].find(
          (one) => pageOf(one).redirectUrl === checkout.redirectUrl,
        );
        checkShown(deal, shown, asked);
        if (shown !== undefined) world.timers.set(world.now + 1000 + world.random.below(20_000), () => pays(shown));
      });
    },
    () => undefined,
  );
