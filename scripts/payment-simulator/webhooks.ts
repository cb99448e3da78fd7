import { type Letter, letterOf } from './letter';
import type { Happening, SimulatedPayment } from './payment';

/** One try to deliver a webhook. No status: nobody answered. */
export type Delivery = Pick<Letter, 'provider' | 'paymentId' | 'type' | 'forged'> & {
  readonly at: string;
  readonly status?: number;
};

type Deps = {
  /** With `{provider}` where its name stands. */
  readonly url: string;
  readonly now: () => number;
  readonly later: (ms: number, work: () => void) => void;
};

const retryMs = [500, 2000, 5000, 10_000];
const impatienceMs = 10_000;

const post = async ({ url, now }: Deps, { provider, body, headers }: Letter): Promise<number | undefined> => {
  try {
    const response = await fetch(url.replaceAll('{provider}', provider), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers(now()) },
      body,
      signal: AbortSignal.timeout(impatienceMs),
    });
    return response.status;
  } catch {
    return undefined; // tried again, and shown as unanswered
  }
};

/** Sends a letter, and again while nobody takes it. A forged one is sent once. */
const sender = (deps: Deps, deliveries: Delivery[]) => {
  const send = async (letter: Letter, tried = 0): Promise<void> => {
    const { provider, paymentId, type, forged } = letter;
    const status = await post(deps, letter);
    const at = new Date(deps.now()).toISOString();
    deliveries.push({ provider, paymentId, type, forged, at, ...(status === undefined ? {} : { status }) });
    const pause = retryMs[tried];
    if (forged || pause === undefined || (status !== undefined && status < 300)) return;
    deps.later(pause, () => void send(letter, tried + 1));
  };
  return send;
};

/** Tells the shop what happens to its payments, as the scenario of each says. */
export const webhooks = (deps: Deps) => {
  const deliveries: Delivery[] = [];
  const overtaken = new Map<string, Letter>();
  const send = sender(deps, deliveries);

  const sendInOrder = async (letter: Letter, { id, scenario }: SimulatedPayment): Promise<void> => {
    await send(letter);
    const earlier = overtaken.get(id);
    overtaken.delete(id);
    if (earlier !== undefined) await send(earlier);
    if (scenario.name === 'webhook-doubled') await Promise.all([send(letter), send(letter)]);
  };

  const sendAsScenario = (letter: Letter, payment: SimulatedPayment): void => {
    const { name, delayMs } = payment.scenario;
    if (name === 'webhook-lost') return;
    if (name === 'webhook-late') deps.later(delayMs, () => void send(letter));
    else if (name === 'webhook-reordered' && letter.type === 'declined') overtaken.set(payment.id, letter);
    else void sendInOrder(letter, payment);
  };

  return {
    deliveries,

    tell: (happening: Happening): void => {
      const letter = letterOf(happening, deps.now());
      if (letter !== undefined) sendAsScenario(letter, happening.payment);
    },

    /** Says that a payment was paid which was not, with a signature that nobody but the provider could make right. */
    forge: (payment: SimulatedPayment): void => {
      const paid: Happening = { what: 'paid', payment: { ...payment, state: 'paid', captured: payment.amount } };
      const letter = letterOf(paid, deps.now(), true);
      if (letter !== undefined) void send(letter);
    },
  };
};
