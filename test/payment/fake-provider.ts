import {
  type PaymentProvider,
  type PaymentReference,
  ProviderKeySpentError,
  ProviderRefusedError,
  type ProviderSnapshot,
  ProviderUnavailableError,
  type RefundRequest,
  type RefundSnapshot,
} from '../../lambda/payment/providers/provider';
import { eight } from '../support/payments';

/** What happens to the next query: nothing comes back before or after its effect, its key fails for ever, or it is refused. */
export type Fault = 'lost before' | 'lost after' | 'refused' | 'spent before' | 'spent after';

const errorOf = {
  'lost before': () => new ProviderUnavailableError('no answer'),
  'lost after': () => new ProviderUnavailableError('no answer'),
  'spent before': () => new ProviderKeySpentError(),
  'spent after': () => new ProviderKeySpentError(),
  refused: () => new ProviderRefusedError('not allowed'),
} as const satisfies Record<Fault, () => Error>;

type Taken = { snapshot: ProviderSnapshot; refunds: Map<string, RefundSnapshot> };

/** A provider in memory. `faults` are used up, one by each query, then `chaos` says; `asked` is every query. */
export const fakeProvider = (start: ProviderSnapshot['state'] = 'OPEN') => {
  const payments = new Map<string, Taken>();
  const asked: string[] = [];
  const faults: (Fault | undefined)[] = [];
  const chaos: { next: () => Fault | undefined } = { next: () => undefined };

  const answer = async <T>(query: string, effect: () => T): Promise<T> => {
    asked.push(query);
    const fault = faults.length > 0 ? faults.shift() : chaos.next();
    if (fault === undefined) return effect();
    if (fault.endsWith('after')) effect();
    throw errorOf[fault]();
  };

  const all = () => [...payments.values()];

  const known = (key: string, externalPaymentId?: string): Taken => {
    const taken = all().find(({ snapshot }) => snapshot.externalPaymentId === externalPaymentId) ?? payments.get(key);
    if (taken === undefined) throw new ProviderRefusedError('unknown');
    return taken;
  };

  const move = (taken: Taken, state: ProviderSnapshot['state']): ProviderSnapshot => {
    taken.snapshot = { ...taken.snapshot, state };
    return taken.snapshot;
  };

  const isOpen = ({ snapshot: { state } }: Taken) => state === 'OPEN' || state === 'AUTHORIZED' || state === 'DECLINED';

  const create = ({ key, amount, currency, tenant, paymentId }: PaymentReference): ProviderSnapshot => {
    const externalPaymentId = `pi_${payments.size + 1}`;
    const checkout = { redirectUrl: `https://pay.example.com/${externalPaymentId}` };
    const snapshot = { state: start, externalPaymentId, amount, currency, tenant, paymentId, checkout, at: eight };
    if (!payments.has(key)) payments.set(key, { snapshot, refunds: new Map() });
    return known(key).snapshot;
  };

  const cancel = (taken: Taken): ProviderSnapshot => (isOpen(taken) ? move(taken, 'CANCELLED') : taken.snapshot);

  /** As providers do: found by what it is, whatever key it is asked for with, and never more than is left. */
  const refund = ({ refunds, snapshot }: Taken, { key: askedKey, amount }: RefundRequest): RefundSnapshot => {
    const key = askedKey.replace(/\/key-\d+$/, '');
    const live = [...refunds.values()].filter(({ state }) => state !== 'FAILED');
    const isMore = live.reduce((sum, one) => sum + one.amount, amount) > snapshot.amount;
    if (isMore && !refunds.has(key)) throw new ProviderRefusedError('more-than-left');
    const id = `re_${refunds.size + 1}`;
    const given = refunds.get(key) ?? { externalRefundId: id, amount, state: 'COMPLETED' };
    refunds.set(key, given);
    return given;
  };

  /** With every refund, where there are any. */
  const closely = ({ snapshot, refunds }: Taken): ProviderSnapshot => {
    const list = [...refunds].map(([key, one]) => ({ ...one, refundId: key.split('/')[2] })); // ours, by our key
    if (list.length === 0) return snapshot;
    const live = list.filter(({ state }) => state !== 'FAILED');
    return { ...snapshot, refundedAmount: live.reduce((sum, { amount }) => sum + amount, 0), refunds: list };
  };

  const provider: { -readonly [Call in keyof PaymentProvider]: PaymentProvider[Call] } = {
    create: (charge) => answer('create', () => create(charge)),
    fetch: ({ key, externalPaymentId: id }) =>
      answer('fetch', () => (id === undefined && !payments.has(key) ? undefined : closely(known(key, id)))),
    capture: ({ key, externalPaymentId: id }) => answer('capture', () => move(known(key, id), 'CAPTURED')),
    cancel: ({ key, externalPaymentId: id }) => answer('cancel', () => cancel(known(key, id))),
    refund: ({ key, externalPaymentId: id }, asking) => answer('refund', () => refund(known(key, id), asking)),
  };

  return {
    provider,
    payments,
    asked,
    faults,
    chaos,
    /** The customer pays, or does not. */
    becomes: (
      key: string,
      state: ProviderSnapshot['state'],
      given: Partial<ProviderSnapshot> = {},
    ): ProviderSnapshot => {
      const taken = known(key);
      taken.snapshot = { ...taken.snapshot, ...given, state };
      return taken.snapshot;
    },
    /** It makes a second payment of the one that was asked for, and calls it by this ID. */
    makesAnother: (key: string, externalPaymentId: string): void => {
      const { snapshot } = known(key);
      payments.set(externalPaymentId, {
        snapshot: { ...snapshot, externalPaymentId, state: 'OPEN' },
        refunds: new Map(),
      });
    },
    /** Somebody gives money back in the provider's dashboard. */
    refundsElsewhere: (
      key: string,
      externalRefundId: string,
      amount: number,
      state: RefundSnapshot['state'] = 'COMPLETED',
    ) => void known(key).refunds.set(externalRefundId, { externalRefundId, amount, state }),
    refundsOf: (key: string) => [...known(key).refunds.values()],
  };
};

export type FakeProvider = ReturnType<typeof fakeProvider>;
