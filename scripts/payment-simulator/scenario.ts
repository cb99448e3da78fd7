import * as z from 'zod';

/** What goes wrong, or right, with a payment. */
export const ScenarioName = z.enum([
  'succeeds',
  'fails',
  'slow',
  'answer-lost',
  'provider-down',
  'webhook-lost',
  'webhook-doubled',
  'webhook-late',
  'webhook-reordered',
  'webhook-forged',
  'late-success',
  'wrong-amount',
  'paid-twice',
  'code-expires',
  'key-fails',
  'key-fails-after',
  'key-busy',
  'refund-fails',
  'refund-pending',
]);
export type ScenarioName = z.infer<typeof ScenarioName>;

/** Says which payments a scenario is for: exactly one of `paymentId`, `orderId`, `next` and `all`. */
export const ScenarioRequest = z
  .strictObject({
    scenario: ScenarioName,
    paymentId: z.string().min(1).optional(),
    orderId: z.string().min(1).optional(),
    /** The next payment that is asked for, of whatever order (of `tenant`, when it is given). */
    next: z.literal(true).optional(),
    /** Every payment that has no scenario of its own (of `tenant`, when it is given). */
    all: z.literal(true).optional(),
    tenant: z.string().min(1).optional(),
    /** Pays without anybody's click as soon as the payment is there. */
    autoPay: z.boolean().default(false),
    /** How slow, how late, how long pending. */
    delayMs: z.int().min(0).max(3_600_000).optional(),
    /** How many answers are lost, or how many keys fail. */
    times: z.int().min(1).max(1000).default(1),
  })
  .refine(
    ({ paymentId, orderId, next, all }) =>
      [paymentId, orderId, next, all].filter((one) => one !== undefined).length === 1,
    'give exactly one of paymentId, orderId, next and all',
  );
export type ScenarioRequest = z.infer<typeof ScenarioRequest>;

/** A scenario as one payment plays it. */
export type Scenario = {
  readonly name: ScenarioName;
  readonly autoPay: boolean;
  readonly delayMs: number;
  /** Answers that are still to be lost. */
  answersToLose: number;
  /** Idempotency keys that are still to fail. */
  keysToFail: number;
};

/** Whose payment it is, as its metadata say. */
export type Subject = {
  readonly tenant: string | undefined;
  readonly paymentId: string | undefined;
  readonly orderId: string | undefined;
};

const defaultDelays: Partial<Record<ScenarioName, number>> = {
  slow: 10_000,
  'webhook-late': 20_000,
  'refund-pending': 5_000,
  'code-expires': 5_000,
};

const keyScenarios: readonly ScenarioName[] = ['key-fails', 'key-fails-after', 'key-busy'];

const scenarioOf = ({ scenario: name, autoPay, delayMs, times }: ScenarioRequest): Scenario => ({
  name,
  autoPay,
  delayMs: delayMs ?? defaultDelays[name] ?? 0,
  answersToLose: name === 'answer-lost' ? times : 0,
  keysToFail: keyScenarios.includes(name) ? times : 0,
});

const isOfTenant = ({ tenant }: ScenarioRequest, subject: Subject): boolean =>
  tenant === undefined || tenant === subject.tenant;

const isFor = (request: ScenarioRequest, subject: Subject): boolean => {
  const { paymentId, orderId } = request;
  const isNamed =
    (paymentId !== undefined && paymentId === subject.paymentId) ||
    (orderId !== undefined && orderId === subject.orderId);
  return isNamed && isOfTenant(request, subject);
};

/** What every payment plays; those of one order play it together: a second one loses no second answer. */
const scenarioForAll = (request: ScenarioRequest) => {
  const played = new Map<string, Scenario>();
  return {
    request,
    take: ({ tenant, paymentId }: Subject): Scenario => {
      const key = JSON.stringify([tenant, paymentId]);
      const scenario = played.get(key) ?? scenarioOf(request);
      if (paymentId !== undefined) played.set(key, scenario);
      return scenario;
    },
  };
};

/** What every payment plays, of every tenant or of one; the newest that fits counts. */
const scenariosForAll = () => {
  const usual = scenarioForAll(ScenarioRequest.parse({ scenario: 'succeeds', all: true }));
  let set = [usual];
  return {
    set: (request: ScenarioRequest): void => {
      const others = request.tenant === undefined ? [] : set.filter((one) => one.request.tenant !== request.tenant);
      set = [scenarioForAll(request), ...others];
    },
    of: (subject: Subject) => set.find(({ request }) => isOfTenant(request, subject)) ?? usual,
  };
};

/** What the next payments play, of every tenant or of one; each is played once. */
const nextScenarios = () => {
  const waiting: ScenarioRequest[] = [];
  const peek = (subject: Subject) => waiting.find((request) => isOfTenant(request, subject));
  return {
    add: (request: ScenarioRequest): void => void waiting.push(request),
    peek,
    take: (subject: Subject): ScenarioRequest | undefined => {
      const found = peek(subject);
      if (found !== undefined) waiting.splice(waiting.indexOf(found), 1);
      return found;
    },
  };
};

/** The scenarios that were asked for, and which one each new payment plays. */
export const scenarioBook = () => {
  const named: (ScenarioRequest & { readonly played: Scenario })[] = []; // one order's payments play it together
  const next = nextScenarios();
  const all = scenariosForAll();
  return {
    add: (request: ScenarioRequest): void => {
      if (request.all) all.set(request);
      else if (request.next) next.add(request);
      else named.unshift({ ...request, played: scenarioOf(request) });
    },

    /** Whether the provider is down for a payment that is about to be asked for. It stays down until another scenario. */
    isDown: (subject: Subject): boolean => {
      const own = named.find((request) => isFor(request, subject));
      if (own === undefined && next.peek(subject)?.scenario === 'provider-down') {
        const { tenant, paymentId } = subject;
        next.take(subject);
        const request = ScenarioRequest.parse({ scenario: 'provider-down', tenant, paymentId });
        named.unshift({ ...request, played: scenarioOf(request) });
        return true;
      }
      return (own ?? next.peek(subject) ?? all.of(subject).request).scenario === 'provider-down';
    },

    /** The scenario of one order's payments, before there is any. */
    named: (subject: Subject): Scenario | undefined => named.find((request) => isFor(request, subject))?.played,

    /** The scenario of a payment that has just been asked for. */
    take: (subject: Subject): Scenario => {
      const own = named.find((request) => isFor(request, subject));
      if (own !== undefined) return own.played;
      const request = next.take(subject);
      return request === undefined ? all.of(subject).take(subject) : scenarioOf(request);
    },

    /** Returns the scenario that a request gives a payment that is there already, or undefined when it is for another. */
    change: (request: ScenarioRequest, subject: Subject): Scenario | undefined => {
      const own = named.find((one) => isFor(one, subject));
      if (request.all) return own === undefined && isOfTenant(request, subject) ? scenarioOf(request) : undefined;
      return isFor(request, subject) ? own?.played : undefined;
    },
  };
};

export type ScenarioBook = ReturnType<typeof scenarioBook>;
