import fc from 'fast-check';
import { Problem } from '../../lambda/contracts/api/problem';
import { type Operation, routes } from '../../lambda/contracts/api/routes';
import { type Headers, openAttackedShop } from '../support/attacked-shop';
import { apiUrl, call, manyAtOnce } from '../support/flow';
import { type GeneratedRequest, generatedRequest } from '../support/generated-request';
import { runs } from '../support/property';
import { isFull, volume } from '../support/volume';

const total = volume(2_000);
const operations = Object.keys(routes) as Operation[];
const timeoutMs = 30_000;

const openShop = async () => {
  const { victim, another, memberId, callers, leaver } = await openAttackedShop();
  const { params } = victim;
  const names: Readonly<Record<string, string>> = {
    'inventory_reservation_failed.ORD-000001': params.alertId, // before the order that it names
    'PROD-001': params.productId,
    'ORD-000001': params.orderId,
    'RET-000001-1': params.returnId,
    mice: params.categoryId,
    default: another,
    'shop-a': another,
    'user-1': memberId,
    'user-2': memberId,
  };
  return { names, callers, leaver };
};

type Shop = Awaited<ReturnType<typeof openShop>>;

const renamed = ({ names }: Shop, request: GeneratedRequest): GeneratedRequest => {
  const swap = (text: string) => Object.entries(names).reduce((all, [from, to]) => all.replaceAll(from, to), text);
  const { body, pathParameters, query } = request;
  const swapped = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, swap(value)]));
  const rest = { ...request, pathParameters: swapped(pathParameters), query: swapped(query) };
  return body === undefined ? rest : { ...rest, body: swap(body) };
};

const callerOf = ({ callers, leaver }: Shop, operation: Operation): fc.Arbitrary<Headers> => {
  if (operation === 'logOut') return fc.constant(leaver);
  const able = fc.constantFrom(...Object.keys(routes[operation].allow));
  const any = fc.constantFrom(...Object.keys(callers));
  return fc.oneof({ weight: 9, arbitrary: able }, { weight: 1, arbitrary: any }).map((role) => callers[role] ?? {});
};

/** What a client's URL parser and API Gateway leave as it is. */
const isPlain = (text: string) => /^[\w.~-]+$/.test(text) && !/^\.+$/.test(text);

const send = async ({ operation, pathParameters, query, headers, body }: GeneratedRequest, caller: Headers) => {
  const { method, path } = routes[operation];
  const wellFormed = (text: string) => encodeURIComponent(text.toWellFormed());
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => wellFormed(pathParameters[name] ?? ''));
  const parameters = Object.entries(query).map(([name, value]) => `${wellFormed(name)}=${wellFormed(value)}`);
  const target = `${filled}${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`;
  const init = {
    headers: { ...headers, ...caller },
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { body: body.toWellFormed() }),
  };
  if (Object.values(pathParameters).every(isPlain)) return call(method, target, init);
  const response = await fetch(`${apiUrl}${target}`, { method, ...init });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
};

test(`P15 ${total} generated requests through the API: none 5xx, none without an answer, all as documented`, async () => {
  const shop = await openShop();
  const asked = operations.map((operation) =>
    fc.record({
      request: generatedRequest(operation).map((request) => renamed(shop, request)),
      caller: callerOf(shop, operation),
    }),
  );
  const requests = fc.sample(fc.oneof(...asked), runs(total));
  const seen = await manyAtOnce(
    total,
    async (n) => {
      const { request, caller } = requests[n] as (typeof requests)[number];
      const { status, body } = await send(request, caller);
      if (status >= 400 && status < 500) expect(Problem.parse(body)).toMatchObject({ status });
      return { request, status };
    },
    8,
  );
  expect(seen.filter(({ status }) => status >= 500)).toEqual([]);
  const good = new Set(seen.filter(({ status }) => status < 300).map(({ request }) => request.operation));
  expect(good.size).toBeGreaterThan(isFull ? 30 : 15);
}, 900_000);
