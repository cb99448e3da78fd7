import type { DisputeList, ListedDispute } from '../../lambda/payment/providers/provider';
import { answerProviderRequest, type CallProvider } from '../../lambda/payment/providers/provider-request';
import { resilient } from '../../lambda/payment/providers/providers.gateway';
import { remoteProvider } from '../../lambda/payment/providers/remote-provider.gateway';
import { stripeGateway } from '../../lambda/payment/providers/stripe/stripe.gateway';
import { disputesSince, readDisputes } from '../../lambda/payment/read-disputes';
import type { Simulator } from '../../scripts/payment-simulator/server';
import { type SimulatorClient, simulatorAt, startPaymentSimulator } from '../support/payment-simulator';
import { awaitingPayment } from '../support/payments';
import { aCharge } from './charges';
import { fakeProvider } from './fake-provider';
import { type Paying, paying } from './paying';

const told = (given: Partial<ListedDispute['dispute']> = {}, externalIds = ['pi_1', 'ch_1']): ListedDispute => ({
  dispute: {
    ...{ disputeId: 'du_1', amount: 6600, reason: 'fraudulent', status: 'NEEDS_RESPONSE', inquiry: false },
    evidenceDueBy: '2026-12-20T23:59:59.000Z',
    ...given,
  },
  ...{ externalIds, currency: 'JPY', openedAt: '2026-11-21T08:00:00.000Z' },
});

const paid = async (): Promise<Paying> => {
  const shop = paying(fakeProvider('CAPTURED'));
  await shop.handle(awaitingPayment());
  return shop;
};

/** Reads these disputes, a page of two at a time. */
const read = async ({ deps, receive }: Paying, list: readonly ListedDispute[], since = '2026-11-18T08:00:00.000Z') => {
  const asked: DisputeList[] = [];
  const disputes = async (given: DisputeList) => {
    asked.push(given);
    const from = list.findIndex(({ dispute }) => dispute.disputeId === given.after) + 1;
    const page = list.slice(from, from + 2);
    const last = page.at(-1)?.dispute.disputeId;
    return { disputes: page, ...(from + 2 < list.length && last !== undefined && { next: last }) };
  };
  const report = await readDisputes({ ...deps, disputes, receive }, new Date(since));
  return { ...report, asked };
};

const minuteLater = ({ clock }: Paying): void => {
  clock.now += 60_000;
};

describe('F-03 a dispute whose webhook was lost', () => {
  test('is found in the list of the provider, kept with its payment and told', async () => {
    const shop = await paid();
    expect(await read(shop, [told()])).toMatchObject({ read: 1, changed: 1, isCutShort: false });
    expect(shop.only().disputes).toMatchObject([
      { ...told().dispute, externalPaymentId: 'pi_1', seenAt: '2026-11-21T07:59:00.000Z' },
    ]);
    expect(shop.events.at(-1)).toMatchObject({ type: 'PaymentDisputed.v1', data: { disputeStatus: 'NEEDS_RESPONSE' } });
  });

  test('that is listed again is no news, and writes nothing', async () => {
    const shop = await paid();
    await read(shop, [told()]);
    const before = JSON.stringify(shop.rows());
    minuteLater(shop);
    expect(await read(shop, [told()])).toMatchObject({ read: 1, changed: 0 });
    expect(JSON.stringify(shop.rows())).toBe(before);
  });

  test.each([
    ['LOST', { status: 'REFUNDED', refunds: [{ refundId: 'DSP-du_1', amount: 6600, status: 'COMPLETED' }] }],
    ['WON', { status: 'COMPLETED', refunds: [] }],
  ] as const)('how it was decided is found too: %s', async (status, payment) => {
    const shop = await paid();
    await read(shop, [told()]);
    minuteLater(shop);
    await read(shop, [told({ status })]);
    expect(shop.only()).toMatchObject({ ...payment, disputes: [{ status }] });
  });

  test('an answer of the list that is older than a webhook is no news, and is one an hour later', async () => {
    const shop = await paid();
    await shop.receive({
      ...{ provider: 'stripe', eventId: 'evt_1', at: '2026-11-21T08:00:00.000Z', kind: 'dispute' },
      ...{ dispute: told({ status: 'UNDER_REVIEW' }).dispute, externalIds: ['pi_1'] },
    });
    await read(shop, [told()]);
    expect(shop.only().disputes).toMatchObject([{ status: 'UNDER_REVIEW' }]);
    shop.clock.now += 3_600_000;
    await read(shop, [told({ status: 'LOST' })]);
    expect(shop.only().disputes).toMatchObject([{ status: 'LOST' }]);
  });

  test('stands on whatever page of the list', async () => {
    const shop = await paid();
    const others = ['du_7', 'du_8', 'du_9'].map((disputeId) => told({ disputeId }, [`pi_${disputeId}`]));
    const { asked, ...report } = await read(shop, [...others, told()]);
    expect(report).toEqual({ read: 4, changed: 4, isCutShort: false });
    expect(asked.map(({ after }) => after)).toEqual([undefined, 'du_8']);
    expect(shop.only().disputes).toHaveLength(1);
  });

  test('of no payment known here is reported once while it is new, and not at all when it is old', async () => {
    const shop = await paid();
    const strange = told({ disputeId: 'du_9' }, ['pi_9']);
    const old = { ...told({ disputeId: 'du_8' }, ['pi_8']), openedAt: '2026-08-01T08:00:00.000Z' };
    for (let times = 0; times < 3; times += 1) await read(shop, [strange, old], '2026-05-25T08:00:00.000Z');
    const unknown = shop.events.flatMap(({ type, data }) => (type === 'UnknownPaymentFound.v1' ? [data] : []));
    expect(unknown).toMatchObject([{ externalPaymentId: 'pi_9', kind: 'dispute', amount: 6600 }]);
  });

  test('a list without an end is cut short, and says so', async () => {
    const shop = await paid();
    const disputes = async () => ({ disputes: [told()], next: 'du_1' });
    const report = await readDisputes({ ...shop.deps, disputes, receive: shop.receive }, new Date(shop.clock.now));
    expect(report).toEqual({ read: 50, changed: 1, isCutShort: true });
  });
});

test.each([
  ['2026-11-21T08:17:30.000Z', '2026-11-18T08:17:30.000Z'],
  ['2026-11-21T03:17:00.000Z', '2026-05-25T03:17:00.000Z'],
  ['2026-11-21T08:16:59.999Z', undefined],
  ['2026-11-21T03:18:00.000Z', undefined],
])('F-03 new disputes are listed once an hour, all that may be open once a day: at %s since %s', (now, since) => {
  expect(disputesSince(new Date(now))?.toISOString()).toBe(since);
});

describe('F-03 Stripe’s list of disputes', () => {
  let simulator: Simulator;
  let client: SimulatorClient;
  beforeAll(async () => {
    simulator = await startPaymentSimulator();
    client = simulatorAt(simulator.url);
  });
  afterAll(() => simulator.stop());

  const stripe = () => {
    const access = { secretKey: 'sk_test_simulator', url: simulator.url, now: () => new Date(), timeoutMs: 60_000 };
    const resiliently = resilient(() => undefined);
    const gateway: CallProvider = (call) => resiliently(() => call(stripeGateway(access)));
    return remoteProvider('stripe', answerProviderRequest({ stripe: gateway, paypay: gateway }));
  };

  test('names the payment, and is read over the function that has the keys', async () => {
    const { externalPaymentId } = await stripe().create(aCharge());
    await client.pay(externalPaymentId);
    await client.dispute(externalPaymentId);
    const { disputes, next } = await stripe().disputes({ since: '2026-01-01T00:00:00.000Z' });
    expect(next).toBeUndefined();
    expect(disputes).toMatchObject([
      {
        dispute: { amount: 6600, reason: 'fraudulent', status: 'NEEDS_RESPONSE', inquiry: false },
        externalIds: [externalPaymentId, expect.stringMatching(/^ch_/)],
        currency: 'JPY',
      },
    ]);
    expect(await stripe().disputes({ since: '2100-01-01T00:00:00.000Z' })).toMatchObject({ disputes: [] });
  });
});
