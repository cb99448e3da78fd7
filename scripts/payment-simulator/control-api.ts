import { fieldWords } from '../../lambda/contracts/api/issue-words';
import type { Reply } from '../lib/page';
import { atDashboard } from './dashboard';
import type { Ledger } from './ledger';
import { isPayable, refundedOf, type SimulatedPayment } from './payment';
import { type Asked, json } from './reply';
import { type ScenarioBook, ScenarioName, ScenarioRequest } from './scenario';
import type { Delivery } from './webhooks';

type Deps = {
  readonly ledger: Ledger;
  readonly scenarios: ScenarioBook;
  readonly deliveries: readonly Delivery[];
  readonly forge: (payment: SimulatedPayment) => void;
  readonly pageOf: (payment: SimulatedPayment) => string;
  readonly now: () => number;
};

const problem = (status: number, detail: string): Reply => ({
  ...json(status, { title: status === 404 ? 'Not found' : 'Bad request', status, detail }),
  type: 'application/problem+json',
});

const shown = ({ pageOf, now }: Deps, payment: SimulatedPayment) => {
  const { provider, id, subject, amount, currency, methods, state, captured, scenario, refunds, disputes } = payment;
  const page = pageOf(payment);
  const refunded = refundedOf(payment);
  return {
    provider,
    id,
    ...subject,
    amount,
    currency,
    methods,
    state,
    captured,
    refunded,
    refunds,
    disputes,
    scenario: scenario.name,
    page,
    payable: isPayable(payment, now()),
  };
};

const fits =
  (query: URLSearchParams) =>
  ({ id, subject, provider }: SimulatedPayment): boolean =>
    [...query].every(([name, value]) => value === ({ id, provider, ...subject } as Record<string, unknown>)[name]);

const setScenario = ({ scenarios, ledger, forge }: Deps, body: string): Reply => {
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    return problem(400, 'the body must be JSON');
  }
  const request = ScenarioRequest.safeParse(given);
  if (!request.success) return problem(400, fieldWords(request.error.issues));
  scenarios.add(request.data);
  if (!request.data.next) ledger.play(request.data);
  if (request.data.scenario === 'webhook-forged')
    ledger
      .all()
      .filter(({ scenario }) => scenario.name === 'webhook-forged')
      .forEach(forge);
  return json(200, request.data);
};

const act = ({ ledger }: Deps, id: string, verb: string | undefined, body: string): Reply => {
  const payment = ledger.get(decodeURIComponent(id));
  if (payment === undefined) return problem(404, 'there is no such payment');
  if (verb === 'refund' || verb === 'dispute') {
    const refused = atDashboard(ledger, payment, verb, body);
    if (refused !== undefined) return problem(400, refused);
  } else if (verb === 'pay') ledger.pay(payment);
  else ledger.refuse(payment);
  const { state, refunds, disputes } = payment;
  return json(200, { id: payment.id, state, refunded: refundedOf(payment), refunds, disputes });
};

type Routes = Readonly<Record<string, (deps: Deps, asked: Asked) => Reply>>;

const routes: Routes = {
  'GET /simulator/health': () => json(200, { status: 'UP', name: 'payment-simulator' }),
  'GET /simulator/scenarios': () => json(200, { scenarios: ScenarioName.options }),
  'POST /simulator/scenarios': (deps, { body }) => setScenario(deps, body),
  'GET /simulator/webhooks': ({ deliveries }) => json(200, { deliveries }),
  'GET /simulator/payments': (deps, { query }) => {
    const payments = deps.ledger.all().filter(fits(query));
    return json(200, { payments: payments.map((payment) => shown(deps, payment)) });
  },
};

/** The simulator's own API, for tests and people. No provider has any of it. */
export const controlApi =
  (deps: Deps) =>
  (asked: Asked): Reply => {
    const route = routes[`${asked.method} ${asked.path}`];
    if (route !== undefined) return route(deps, asked);
    const [, id, verb] = /^\/simulator\/payments\/([^/]+)\/(pay|refuse|refund|dispute)$/.exec(asked.path) ?? [];
    if (asked.method !== 'POST' || id === undefined) return problem(404, 'there is no such path');
    return act(deps, id, verb, asked.body);
  };
