import type { GetOrderResponse } from '../../../lambda/contracts/api/order-api';
import type { ScenarioName } from '../../payment-simulator/scenario';
import { CommandError } from '../command';
import { title } from '../terminal';
import { payShop } from './pay-shop';
import { alerted, billed, kept, mailed, orderThat, type Purchase } from './saga-walk';

/** Step 2 of the demo: what the customer and the provider do, and what becomes of the order. */
export type SagaScenario = {
  readonly what: string;
  readonly run: (purchase: Purchase) => Promise<void>;
};

const confirmation = 'Thank you for your order';
const request = 'Please pay for your order';
const cancellation = 'Your order was cancelled';
const refund = 'Your refund';

const play = ({ page, orderId }: Purchase, scenario: ScenarioName) =>
  page.play(scenario, { tenant: payShop.tenant, orderId });

const isPaid = ({ status, paymentStatus }: GetOrderResponse) => status === 'CONFIRMED' && paymentStatus === 'PAID';

const isOver = (paymentStatus: GetOrderResponse['paymentStatus']) => (order: GetOrderResponse) =>
  order.status === 'CANCELLED' && order.paymentStatus === paymentStatus && order.stockStatus === 'RELEASED';

const pay = async (purchase: Purchase): Promise<void> => {
  const clickedAt = performance.now();
  await purchase.page.pay();
  await orderThat(purchase, 'PAID and CONFIRMED', isPaid);
  const seconds = (performance.now() - clickedAt) / 1000;
  purchase.checks.check('S2-05', 'PAID within 60 s of the payment', seconds <= 60, `${seconds.toFixed(1)} s`);
};

const cancel = async ({ guest, orderId, trackingToken, checks }: Purchase): Promise<void> => {
  const asked = { params: { orderId }, headers: { 'X-Tracking-Token': trackingToken } };
  const { status, body } = await guest.cancelOrder(asked);
  if (status !== 200) throw new CommandError(`${orderId} cannot be cancelled: ${JSON.stringify(body)}`);
  checks.check('S2-14', 'the customer cancels the order', body.status === 'CANCELLED', body.status);
};

/** The payment succeeded, and every service knows it once. */
const settled = async (purchase: Purchase): Promise<void> => {
  title('Step 3: what is seen of it');
  await kept(purchase, purchase.total);
  await billed(purchase, 'paid');
  await mailed(purchase, [confirmation, request]);
};

/** The order is cancelled, and what it took is given back. */
const undone = async (purchase: Purchase, paymentStatus: 'FAILED' | 'REFUNDED'): Promise<void> => {
  const order = await orderThat(purchase, `CANCELLED, ${paymentStatus} and RELEASED`, isOver(paymentStatus));
  const { status, paymentStatus: payment, stockStatus } = order;
  const found = [status, payment, `stock ${stockStatus}`].join(', ');
  const expected = `CANCELLED, ${paymentStatus}, stock RELEASED`;
  purchase.checks.check('S2-14', expected, found === expected, found);
  title('Step 3: what is seen of it');
  await kept(purchase, 0);
  await billed(purchase, 'void');
  await mailed(purchase, [confirmation, request, cancellation, ...(paymentStatus === 'REFUNDED' ? [refund] : [])]);
};

export const scenarios = {
  paid: {
    what: 'the customer pays',
    run: async (purchase) => {
      await pay(purchase);
      await settled(purchase);
      await alerted(purchase, []);
    },
  },
  failed: {
    what: 'the customer does not pay',
    run: async (purchase) => {
      await purchase.page.refuse();
      await undone(purchase, 'FAILED');
      await alerted(purchase, []);
    },
  },
  'webhook-lost': {
    what: 'the customer pays and no webhook comes: polling finds it',
    run: async (purchase) => {
      await play(purchase, 'webhook-lost');
      await pay(purchase);
      await settled(purchase);
      await alerted(purchase, []);
    },
  },
  late: {
    what: 'the payment comes through after the order was cancelled: it is given back',
    run: async (purchase) => {
      await play(purchase, 'late-success');
      await cancel(purchase);
      await undone(purchase, 'REFUNDED');
      await alerted(purchase, ['capture_without_order']);
    },
  },
  cancelled: {
    what: 'the customer pays and cancels then: it is given back',
    run: async (purchase) => {
      await pay(purchase);
      await cancel(purchase);
      await undone(purchase, 'REFUNDED');
      await alerted(purchase, []);
    },
  },
  doubled: {
    what: 'each webhook comes twice',
    run: async (purchase) => {
      await play(purchase, 'webhook-doubled');
      await pay(purchase);
      await settled(purchase);
      await alerted(purchase, []);
    },
  },
  'paid-twice': {
    what: 'the provider takes the money twice: the second payment is given back, and somebody is alerted',
    run: async (purchase) => {
      await play(purchase, 'paid-twice');
      await pay(purchase);
      await settled(purchase);
      await alerted(purchase, ['double_payment']);
    },
  },
} as const satisfies Record<string, SagaScenario>;

export type SagaScenarioName = keyof typeof scenarios;
