import type { Reply } from '../lib/page';
import { simulatorKeys } from './keys';
import type { Ledger } from './ledger';
import { isHeld, randomId, refundedOf, type SimulatedPayment } from './payment';
import { type Asked, json, planResponse, type ResponsePlan } from './reply';
import type { ScenarioName, Subject } from './scenario';
import { refuseCharge, refuseStep } from './stripe-currencies';
import { stripeDispute, stripeIntent, stripeRefund } from './stripe-objects';

/** `a=1&metadata[tenant]=x&expand[0]=y` as Stripe's SDK sends it. */
const readForm = (body: string): URLSearchParams => new URLSearchParams(body);

/** The values of `name[key]`. */
const nested = (form: URLSearchParams, name: string): Record<string, string> =>
  Object.fromEntries(
    [...form].flatMap(([key, value]) => {
      const inner = key.startsWith(`${name}[`) && key.endsWith(']') ? key.slice(name.length + 1, -1) : '';
      return inner === '' ? [] : [[inner, value]];
    }),
  );

/** The same form whatever its order: what an idempotency key stands for. */
const canonical = (form: URLSearchParams): string =>
  [...form]
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join('&');

type Deps = { readonly ledger: Ledger; readonly pageOf: (payment: SimulatedPayment) => string };

const refuse = (status: number, code: string, message: string, type = 'invalid_request_error'): Reply =>
  json(status, { error: { type, code, message } });

const failed = json(500, { error: { type: 'api_error', message: 'An error occurred on our end.' } });
const busy = refuse(409, 'idempotency_key_in_use', 'Another request with this key is being answered.');
const down = json(503, { error: { type: 'api_error', message: 'The provider is down.' } });
const missing = (what: string, id: string) => refuse(404, 'resource_missing', `No such ${what}: '${id}'`);

const intentOf = ({ pageOf }: Deps, payment: SimulatedPayment, expanded = false) =>
  json(200, stripeIntent(payment, { page: pageOf(payment), expanded }));

const subjectOf = ({ tenant, paymentId, orderId }: Record<string, string>): Subject => ({ tenant, paymentId, orderId });

type Answer = { readonly reply: Reply; readonly payment?: SimulatedPayment };

/** Answers by their idempotency keys: the same for ever, whatever became of the payment since. */
type Kept = Answer & { readonly asked: string };

const saidBy = ({ path }: Asked, form: URLSearchParams) => `${path} ${canonical(form)}`;

const create = (deps: Deps, form: URLSearchParams): Answer => {
  const amount = Number(form.get('amount'));
  const currency = form.get('currency') ?? '';
  if (!Number.isSafeInteger(amount) || amount < 1)
    return { reply: refuse(400, 'parameter_invalid_integer', 'Invalid integer: amount') };
  if (!/^[a-z]{3}$/.test(currency)) return { reply: refuse(400, 'parameter_missing', 'Invalid currency') };
  const metadata = nested(form, 'metadata');
  const methods = Object.values(nested(form, 'payment_method_types'));
  const refused = refuseCharge(amount, currency.toUpperCase(), methods);
  if (refused !== undefined) return { reply: refused };
  const payment = deps.ledger.open({
    provider: 'stripe',
    id: `pi_${randomId()}`,
    subject: subjectOf(metadata),
    metadata,
    amount,
    currency: currency.toUpperCase(),
    description: form.get('description') ?? '',
    methods: methods.length > 0 ? methods : ['card'],
  });
  return { reply: intentOf(deps, payment), payment };
};

const unexpected = (payment: SimulatedPayment, verb: string) =>
  refuse(400, 'payment_intent_unexpected_state', `You cannot ${verb} this PaymentIntent: it is ${payment.state}.`);

const cancel = (deps: Deps, payment: SimulatedPayment, form: URLSearchParams): Reply => {
  const wasOver = payment.state === 'cancelled' || payment.state === 'paid';
  deps.ledger.cancel(payment);
  if (wasOver || payment.state !== 'cancelled') return unexpected(payment, 'cancel');
  return intentOf(deps, payment, canonical(form).includes('latest_charge'));
};

const refund = (deps: Deps, form: URLSearchParams): Answer => {
  const id = form.get('payment_intent') ?? '';
  const payment = deps.ledger.get(id);
  if (payment === undefined) return { reply: missing('payment_intent', id) };
  if (payment.state !== 'paid')
    return { payment, reply: refuse(400, 'payment_intent_unexpected_state', 'It has no successful charge.') };
  if (isHeld(payment))
    return {
      payment,
      reply: refuse(400, 'charge_disputed', 'The charge has been charged back; it cannot be refunded.'),
    };
  const left = payment.captured - refundedOf(payment);
  const amount = form.has('amount') ? Number(form.get('amount')) : left;
  if (left === 0) return { payment, reply: refuse(400, 'charge_already_refunded', 'It has already been refunded.') };
  if (!Number.isSafeInteger(amount) || amount < 1 || amount > left)
    return { payment, reply: refuse(400, 'amount_too_large', `Refund amount is greater than ${left}`) };
  const refused = refuseStep(amount, payment.currency);
  if (refused !== undefined) return { payment, reply: refused };
  const made = deps.ledger.refund(payment, { id: `re_${randomId()}`, amount, metadata: nested(form, 'metadata') });
  return { payment, reply: json(200, stripeRefund(payment, made)) };
};

const post = (deps: Deps, path: string, form: URLSearchParams): Answer => {
  if (path === '/v1/payment_intents') return create(deps, form);
  if (path === '/v1/refunds') return refund(deps, form);
  const [, id = '', verb] = /^\/v1\/payment_intents\/([^/]+)\/(cancel|capture)$/.exec(path) ?? [];
  const payment = deps.ledger.get(id);
  if (payment === undefined) return { reply: missing('payment_intent', id) };
  return { payment, reply: verb === 'cancel' ? cancel(deps, payment, form) : unexpected(payment, 'capture') };
};

/** `metadata['tenant']:'shop-a' AND metadata['paymentId']:'PAY-ORD-000001'`. */
const wantedBy = (query: string): Record<string, string> =>
  Object.fromEntries(
    [...query.matchAll(/metadata\['(\w+)'\]:'([^']*)'/g)].map(([, name = '', value = '']) => [name, value]),
  );

const search = (deps: Deps, query: URLSearchParams): Answer => {
  const wanted = Object.entries(wantedBy(query.get('query') ?? ''));
  if (wanted.length === 0) return { reply: refuse(400, 'parameter_missing', 'Missing required param: query.') };
  const found = deps.ledger
    .all()
    .filter(({ provider, metadata }) => provider === 'stripe' && wanted.every(([name, is]) => metadata[name] === is));
  const data = found.map((payment) => stripeIntent(payment, { page: deps.pageOf(payment), expanded: true }));
  const [payment] = found;
  const reply = json(200, { object: 'search_result', data, has_more: false, url: '/v1/payment_intents/search' });
  return payment === undefined ? { reply } : { payment, reply };
};

/** Of all payments, the newest first; those of one second in the order of their IDs. */
const disputes = ({ ledger }: Deps, query: URLSearchParams): Answer => {
  const since = Number(query.get('created[gte]') ?? 0);
  const limit = Number(query.get('limit') ?? 10);
  const of = query.get('payment_intent');
  const all = ledger
    .all()
    .filter(({ provider, id }) => provider === 'stripe' && (of === null || of === id))
    .flatMap((payment) => payment.disputes.map((one) => stripeDispute(payment, one)))
    .filter(({ created }) => created >= since)
    .sort((one, other) => other.created - one.created || one.id.localeCompare(other.id));
  const from = all.findIndex(({ id }) => id === query.get('starting_after')) + 1;
  const data = all.slice(from, from + limit);
  return { reply: json(200, { object: 'list', data, has_more: from + limit < all.length, url: '/v1/disputes' }) };
};

const get = (deps: Deps, { path, query }: Asked): Answer => {
  if (path === '/v1/disputes') return disputes(deps, query);
  if (path === '/v1/payment_intents/search') return search(deps, query);
  const [, id = ''] = /^\/v1\/payment_intents\/([^/]+)$/.exec(path) ?? [];
  const payment = deps.ledger.get(path === '/v1/refunds' ? (query.get('payment_intent') ?? '') : id);
  if (payment === undefined) return { reply: missing('payment_intent', id) };
  if (path !== '/v1/refunds') {
    return { payment, reply: intentOf(deps, payment, [...query.values()].includes('latest_charge')) };
  }
  const data = [...payment.refunds].reverse().map((one) => stripeRefund(payment, one));
  return { payment, reply: json(200, { object: 'list', data, has_more: false, url: '/v1/refunds' }) };
};

const isKnown = ({ header }: Asked) => header('authorization') === `Bearer ${simulatorKeys.stripe.secretKey}`;

const isDown = ({ ledger }: Deps, asked: Asked, form: URLSearchParams): boolean => {
  const [, id = ''] = /^\/v1\/payment_intents\/([^/]+)/.exec(asked.path) ?? [];
  if (asked.method === 'POST' && asked.path === '/v1/payment_intents')
    return ledger.isDown(subjectOf(nested(form, 'metadata')));
  if (asked.path === '/v1/payment_intents/search')
    return ledger.scenarioOf(subjectOf(wantedBy(asked.query.get('query') ?? '')))?.name === 'provider-down';
  const named = form.get('payment_intent') ?? asked.query.get('payment_intent') ?? id;
  return ledger.get(named)?.scenario.name === 'provider-down';
};

/** What goes wrong with a key that was not used before, as long as the scenario has some left. */
const takeFailure = ({ ledger }: Deps, { path }: Asked, form: URLSearchParams): ScenarioName | undefined => {
  const scenario =
    path === '/v1/payment_intents'
      ? ledger.scenarioOf(subjectOf(nested(form, 'metadata')))
      : path === '/v1/refunds'
        ? ledger.get(form.get('payment_intent') ?? '')?.scenario
        : undefined;
  if (scenario === undefined || scenario.keysToFail === 0) return undefined;
  scenario.keysToFail -= 1;
  return scenario.name;
};

/** The part of Stripe's API that a shop needs, with its idempotency keys and the shapes of its errors. */
export const stripeApi = (deps: Deps) => {
  const kept = new Map<string, Kept>();

  /** Answers a key for the first time, and keeps the answer unless the key is in use by another request. */
  const first = (asked: Asked, form: URLSearchParams, key: string): Answer => {
    const fails = takeFailure(deps, asked, form);
    if (fails === 'key-busy') return { reply: busy };
    const done = fails === 'key-fails' ? { reply: failed } : post(deps, asked.path, form);
    const answer = fails === undefined ? done : { ...done, reply: failed };
    kept.set(key, { asked: saidBy(asked, form), ...answer });
    return answer;
  };

  const again = ({ reply, payment }: Answer): Answer => ({
    reply: { ...reply, headers: { 'idempotent-replayed': 'true' } },
    ...(payment === undefined ? {} : { payment }),
  });

  const once = (asked: Asked, form: URLSearchParams): ResponsePlan => {
    const key = asked.header('idempotency-key') ?? randomId();
    const known = kept.get(key);
    if (known !== undefined && known.asked !== saidBy(asked, form))
      return { reply: refuse(400, 'idempotency_key_in_use', 'Other parameters than before.', 'idempotency_error') };
    const { reply, payment } = known === undefined ? first(asked, form, key) : again(known);
    return payment === undefined ? { reply } : planResponse(payment, true, reply);
  };

  return (asked: Asked): ResponsePlan => {
    const form = readForm(asked.body);
    if (!isKnown(asked)) return { reply: refuse(401, 'api_key_invalid', 'Invalid API Key provided') };
    if (isDown(deps, asked, form)) return { reply: down };
    if (asked.method === 'POST') return once(asked, form);
    if (asked.method !== 'GET') return { reply: refuse(405, 'method_not_allowed', 'Unknown method') };
    const { reply, payment } = get(deps, asked);
    return payment === undefined ? { reply } : planResponse(payment, false, reply);
  };
};
