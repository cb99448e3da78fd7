import { randomUUID } from 'node:crypto';
import { GetOrderResponse, PlaceOrderResponse } from '../../lambda/contracts/api/order-api';
import { Problem } from '../../lambda/contracts/api/problem';
import { type Checklist, checklist } from '../lib/checklist';
import { CommandError, command } from '../lib/command';
import { ensureStock } from '../lib/demo/prepare';
import { whereOptions } from '../lib/system/chosen-stage';
import {
  type ApiAnswer,
  type ApiRequest,
  asCurl,
  call,
  orderRequest,
  trackingRequest,
  trackOrder,
} from '../lib/system/order-api';
import { findSystem, type System } from '../lib/system/system';
import { tablesOf } from '../lib/system/tables';
import { ok, print, step, title } from '../lib/terminal';
import { until } from '../lib/wait';

const help = `
bash scripts/test-order-api.sh [--aws [--stage STAGE]]

Orders through the API as a guest does, showing each request as a curl line and its answer: a good order, the same one
again under its Idempotency-Key, its tracking, and every kind of refusal. Ends with 1 when an answer is not as it must be.
The seed data is loaded first when stock is too low.

  --aws             works on the stack on AWS, with the credentials of the environment
  --stage dev|prod  which of them, with --aws (default: the only one that is deployed)
  --help            this text
`;

const notebook = { productId: 'PROD-001', quantity: 1 };
const order = [notebook, { productId: 'PROD-002', quantity: 2 }];

const ask = async (system: System, what: string, request: ApiRequest): Promise<ApiAnswer> => {
  title(what);
  print(`$ ${asCurl(system, request)}`);
  const answer = await call(system, request);
  print(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
};

const isProblem = ({ body, headers }: ApiAnswer, name: string): boolean =>
  headers.get('content-type') === 'application/problem+json' && Problem.safeParse(body).data?.title === name;

const pointersOf = ({ body }: ApiAnswer): string[] =>
  (Problem.safeParse(body).data?.errors ?? []).map(({ pointer }) => pointer).sort();

const placing = async (system: System, { check }: Checklist) => {
  const headers = { 'Idempotency-Key': randomUUID() };
  const first = await ask(system, 'An order', orderRequest(order, headers));
  const { data: placed } = PlaceOrderResponse.safeParse(first.body);
  if (placed === undefined) throw new CommandError('The order was not accepted, so there is nothing more to check.');
  check('S0-01', 'POST /orders answers 201', first.status === 201, first.status);
  check('S0-18', 'the order has an ID', /^ORD-\d{6,}$/.test(placed.orderId), placed.orderId);
  check('S0-19', 'it says when it was created', Date.now() - Date.parse(placed.createdAt) < 60_000, placed.createdAt);
  const { subtotal, tax, total } = placed;
  const amounts = subtotal === 156_000 && tax === 15_600 && total === 171_600;
  check('', 'subtotal 156000 + tax 15600 = total 171600', amounts, `${subtotal} + ${tax} = ${total}`);

  const again = await ask(system, 'The same request again', orderRequest(order, headers));
  check(
    '',
    'same Idempotency-Key: same answer',
    JSON.stringify(again.body) === JSON.stringify(first.body),
    again.status,
  );
  check('', 'and the header says so', again.headers.get('idempotency-replayed') === 'true');

  const other = await ask(system, 'The same key with another order', orderRequest([notebook], headers));
  check('', 'other body under the same key: 422', isProblem(other, 'IdempotencyKeyMismatch'), other.status);
  return placed;
};

const tracking = async (system: System, { check }: Checklist, placed: PlaceOrderResponse) => {
  const request = trackingRequest(placed);
  const answer = await ask(system, 'Tracking', request);
  const tracked = GetOrderResponse.safeParse(answer.body);
  check('', 'the tracking token opens the order', tracked.data?.orderId === placed.orderId, answer.status);
  const wrong = await ask(system, 'A wrong token', { ...request, headers: { 'X-Tracking-Token': 'wrong' } });
  check('', 'a wrong token: 404', isProblem(wrong, 'OrderNotFound'), wrong.status);
  title('Confirmation');
  const done = (confirmed: boolean) => (confirmed ? `${placed.orderId} is confirmed` : undefined);
  const confirmed = await step({ doing: `waiting until ${placed.orderId} is confirmed`, done }, async () => {
    const look = async () => ((await trackOrder(system, placed)).status === 'CONFIRMED' ? true : undefined);
    return (await until(look, { timeoutMs: 30_000 })) ?? false;
  });
  check('', 'the order becomes CONFIRMED', confirmed);
};

const refusing = async (system: System, { check }: Checklist) => {
  const json = { 'Content-Type': 'application/json' };
  const bad = await ask(system, 'Wrong fields', {
    ...orderRequest([]),
    body: JSON.stringify({ customerEmail: 'nobody', items: [{ productId: 'PROD-001', quantity: '2' }], discount: 1 }),
  });
  const pointers = pointersOf(bad).join(' ');
  const all = '/customerEmail /discount /items/0/quantity';
  check('S0-16', '400 for wrong fields', isProblem(bad, 'ValidationFailed') && bad.status === 400, bad.status);
  check('S0-17', `it names ${all}`, pointers === all, pointers);

  const unknown = await ask(system, 'An unknown product', orderRequest([{ productId: 'PROD-999', quantity: 1 }]));
  check('', 'unknown product: 404', unknown.status === 404 && isProblem(unknown, 'ProductNotFound'), unknown.status);

  const cheap = await ask(system, 'Another price', orderRequest([{ ...notebook, price: 1 }]));
  check('', 'a price that is not ours: 409', cheap.status === 409 && isProblem(cheap, 'PriceChanged'), cheap.status);

  const text = { ...orderRequest([notebook]), headers: { 'Content-Type': 'text/plain' } };
  const plain = await ask(system, 'Another content type', text);
  check('', 'not JSON: 415', plain.status === 415 && isProblem(plain, 'UnsupportedMediaType'), plain.status);

  const broken = await ask(system, 'Broken JSON', {
    method: 'POST',
    path: '/orders',
    headers: json,
    body: '{"items":',
  });
  check('', 'broken JSON: 400', broken.status === 400 && isProblem(broken, 'MalformedJson'), broken.status);

  const missing = await ask(
    system,
    'An unknown order',
    trackingRequest({ orderId: 'ORD-999999999999', trackingToken: 'x' }),
  );
  check('', 'unknown order: 404', missing.status === 404 && isProblem(missing, 'OrderNotFound'), missing.status);
};

command({ help, options: whereOptions }, async (given) => {
  const system = await findSystem(given);
  ok(`orders go to ${system.apiUrl}/orders`);
  await ensureStock(tablesOf(system), { 'PROD-001': 1, 'PROD-002': 2 });
  const checks = checklist();
  const placed = await placing(system, checks);
  await tracking(system, checks, placed);
  await refusing(system, checks);
  return checks.conclude();
});
