import { type DeployedFunction, functionNamed, placeOrder } from './assembly';
import {
  apiEvent,
  inBatches,
  type Message,
  orderBody,
  published,
  queueEvent,
  reservationImages,
  streamEvent,
} from './events';
import { type RunningFunction, startFunction } from './processes';
import { type Call, type Item, type StubAws, startStubAws } from './stub-aws';

/** What one function did for all orders of a flow. */
export type Step = {
  readonly name: string;
  readonly memory: number;
  /** From the request to the three effects, or after that until the order is confirmed. */
  readonly phase: 'effects' | 'confirmation';
  readonly invocations: number;
  readonly calls: readonly Call[];
  /** Messages that came to it over a queue. */
  readonly received: number;
};

export type Flow = {
  readonly orders: number;
  readonly steps: readonly Step[];
  /** The calls of each `POST /orders`, one entry per request. */
  readonly requests: readonly (readonly Call[])[];
  readonly logBytes: number;
};

const queues = {
  'inventory-queue': 'Inventory/TakeStock',
  'notification-queue': 'Notification/NotifyCustomer',
  'billing-queue': 'Billing/BillOrder',
} as const;
const saga = ['order-saga-queue', 'Order/AdvanceOrder'] as const;
const relays = { order: 'Order/Relay/Function', inventory: 'Inventory/Relay/Function' } as const;

/** What an order's way leads through. */
export const flowFunctions: readonly string[] = [
  placeOrder,
  ...Object.values(queues),
  saga[1],
  ...Object.values(relays),
];
export const consumedQueues: readonly string[] = [...Object.keys(queues), saga[0]];

export type FlowOptions = {
  readonly orders: number;
  /** How many orders each batch of a stream or queue holds. */
  readonly batch: number;
  readonly productOf?: (n: number) => string;
  readonly headersOf?: (n: number) => Record<string, string>;
};

type Phase = Step['phase'];

const failuresOf = (result: unknown): unknown[] =>
  (result as { batchItemFailures?: unknown[] } | undefined)?.batchItemFailures ?? [];

/** Invokes one function with one event after another. A message that is handed back is a failure of the bench. */
const runStep = async (fn: RunningFunction, phase: Phase, events: readonly unknown[]): Promise<Step> => {
  const calls: Call[] = [];
  for (const event of events) {
    const invocation = await fn.invoke(event);
    if (failuresOf(invocation.result).length > 0) throw new Error(`${fn.name} handed messages back`);
    calls.push(...invocation.calls);
  }
  const received = events.flatMap((event) =>
    'Records' in (event as object) ? (event as { Records: object[] }).Records : [],
  );
  const overQueue = received.filter((record) => 'receiptHandle' in record).length;
  return { name: fn.name, memory: fn.memory, phase, invocations: events.length, calls, received: overQueue };
};

const place = async (fn: RunningFunction, options: FlowOptions): Promise<(readonly Call[])[]> => {
  const requests: (readonly Call[])[] = [];
  for (let n = 0; n < options.orders; n += 1) {
    const event = apiEvent(orderBody(options.productOf?.(n), n), options.headersOf?.(n));
    const { result, calls } = await fn.invoke(event);
    const { statusCode, body } = result as { statusCode: number; body: string };
    if (statusCode !== 201) throw new Error(`POST /orders answered ${statusCode}: ${body}`);
    requests.push(calls);
  }
  return requests;
};

const isOrder = (item: Item | undefined): item is Item => item?.fact !== undefined;

/** The rows of orders that calls wrote. */
const orderImages = (calls: readonly Call[]) =>
  calls.flatMap(({ operation, body, replaced }) => {
    if (operation === 'DynamoDB.PutItem' && isOrder(body.Item)) return [{ before: replaced, after: body.Item as Item }];
    const puts = operation === 'DynamoDB.TransactWriteItems' ? (body.TransactItems as { Put?: { Item: Item } }[]) : [];
    return puts.flatMap(({ Put }) => (isOrder(Put?.Item) ? [{ before: undefined, after: Put.Item }] : []));
  });

/** The row that a flow's first order was written as. */
export const placedRow = ({ requests }: Pick<Flow, 'requests'>): Item => {
  const [image] = orderImages(requests.flat());
  if (image === undefined) throw new Error('the flow placed no order');
  return image.after;
};

type Start = (name: string) => Promise<RunningFunction>;

const toEffects = async (
  start: Start,
  options: FlowOptions,
  images: ReturnType<typeof orderImages>,
): Promise<Step[]> => {
  const relay = await runStep(await start(relays.order), 'effects', inBatches(images, options.batch).map(streamEvent));
  const batches = inBatches(relay.calls.flatMap(published), options.batch);
  const consumers: Step[] = [];
  for (const [queue, name] of Object.entries(queues)) {
    consumers.push(
      await runStep(
        await start(name),
        'effects',
        batches.map((batch) => queueEvent(queue, batch)),
      ),
    );
  }
  return [relay, ...consumers];
};

const toConfirmation = async (start: Start, { batch }: FlowOptions, effects: readonly Step[]): Promise<Step[]> => {
  const after = (messages: Message[]) => inBatches(messages, batch).map((part) => queueEvent(saga[0], part));
  const reserved = effects.flatMap(({ calls }) => calls.flatMap(reservationImages)).map((image) => ({ after: image }));
  const told = await runStep(
    await start(relays.inventory),
    'confirmation',
    inBatches(reserved, batch).map(streamEvent),
  );
  const advanced = await runStep(await start(saga[1]), 'confirmation', after(told.calls.flatMap(published)));
  const confirmed = inBatches(orderImages(advanced.calls), batch).map(streamEvent);
  const relayed = await runStep(await start(relays.order), 'confirmation', confirmed);
  return [told, advanced, relayed];
};

const runAll = async (options: FlowOptions, start: Start): Promise<Omit<Flow, 'logBytes'>> => {
  const order = await start(placeOrder);
  const requests = await place(order, options);
  const calls = requests.flat();
  const { name, memory } = order;
  const accepted: Step = { name, memory, phase: 'effects', invocations: options.orders, calls, received: 0 };
  const effects = await toEffects(start, options, orderImages(calls));
  const steps = [accepted, ...effects, ...(await toConfirmation(start, options, effects))];
  return { orders: options.orders, steps, requests };
};

const starter = (
  functions: readonly DeployedFunction[],
  aws: StubAws,
  running: Map<string, RunningFunction>,
): Start => {
  return async (name) => {
    const known = running.get(name) ?? (await startFunction(functionNamed(functions, name), aws));
    running.set(name, known);
    return known;
  };
};

/**
 * Takes orders their whole way through the deployed bundles, with an AWS that answers at once, in batches of a given
 * size: every call to AWS is counted exactly, and a second run counts the same.
 */
export const runFlow = async (functions: readonly DeployedFunction[], options: FlowOptions): Promise<Flow> => {
  const aws = await startStubAws();
  const running = new Map<string, RunningFunction>();
  try {
    const flow = await runAll(options, starter(functions, aws, running));
    const logged = await Promise.all([...running.values()].map(({ stop }) => stop()));
    running.clear();
    return { ...flow, logBytes: logged.reduce((total, bytes) => total + bytes, 0) };
  } finally {
    for (const fn of running.values()) await fn.stop();
    aws.stop();
  }
};
