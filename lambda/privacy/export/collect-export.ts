import * as z from 'zod';
import type { ExportPart, PersonalExport } from '../../contracts/api/privacy-api';
import { type Operation, routes } from '../../contracts/api/routes';
import { asError } from '../../kernel/error';
import { authorizerContext, type Caller } from '../../kernel/http/caller';
import type { Request } from '../../kernel/http/route';
import type { Forward } from '../../kernel/http/route-functions';
import { logger } from '../../kernel/logger';

export type ExportDeps = {
  /** Forwards a request to the function of an operation. */
  readonly forward: Forward;
  readonly now: () => Date;
};

type Asked = {
  readonly operation: Operation;
  readonly query?: Readonly<Record<string, string>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
};

const anything = z.looseObject({});
const Page = z.object({ items: z.array(anything), nextCursor: z.string().optional() });
type Item = z.infer<typeof anything>;

const pageSize = '100';
const maxItems = 200;
const maxBytes = 1024 * 1024; // of each list; an answer has at most 6 MB, and a page is twice as large as its JSON
const atOnce = 10;

/** The same person as a customer, so that staff are not shown what is other people's. */
const asCustomer = (caller: Caller): Caller => ({ ...caller, roles: ['customer'] });

/** Returns the event that API Gateway would send. */
const eventOf = ({ operation, query, pathParameters }: Asked, request: Request) => {
  const { method, path } = routes[operation];
  const { caller, correlationId, traceparent, sourceIp } = request;
  return {
    httpMethod: method,
    resource: path,
    path,
    headers: { 'x-correlation-id': correlationId, ...(traceparent === undefined ? {} : { traceparent }) },
    multiValueHeaders: null,
    queryStringParameters: query ?? null,
    multiValueQueryStringParameters: null,
    pathParameters: pathParameters ?? null,
    body: null,
    isBase64Encoded: false,
    requestContext: {
      requestId: correlationId,
      identity: { sourceIp },
      authorizer: authorizerContext(asCustomer(caller)),
    },
  };
};

const reader = ({ forward }: ExportDeps, request: Request) => {
  /** Returns what an operation answers, undefined when there is no such thing. Throws for any other answer. */
  const read = async (asked: Asked): Promise<Item | undefined> => {
    const { statusCode, body } = await forward(asked.operation, eventOf(asked, request));
    if (statusCode === 404) return undefined;
    if (statusCode !== 200) throw new Error(`${asked.operation} answered ${statusCode}`);
    return anything.parse(JSON.parse(body));
  };

  /** Returns the items of a list, and whether there are more than an export shows. */
  const list = async (operation: Operation): Promise<{ items: Item[]; isCut: boolean }> => {
    const items: Item[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) };
      const page: z.infer<typeof Page> = Page.parse(await read({ operation, query }));
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined && items.length < maxItems);
    return { items, isCut: cursor !== undefined };
  };

  return { read, list };
};

type Reader = ReturnType<typeof reader>;
type Listed = Awaited<ReturnType<Reader['list']>>;

/** Leaves out the last items of a list that is too large. */
const fitting = ({ items, isCut }: Listed): Listed => {
  let bytes = 0;
  const fits = items.findIndex((item) => {
    bytes += Buffer.byteLength(JSON.stringify(item));
    return bytes > maxBytes;
  });
  return fits === -1 ? { items, isCut } : { items: items.slice(0, fits), isCut: true };
};

/** Returns the orders with their history, which the list does not show. */
const ordersOf = async ({ read, list }: Reader): Promise<Listed> => {
  const { items, isCut } = await list('listOrders');
  const whole: Item[] = [];
  for (let at = 0; at < items.length; at += atOnce) {
    const ids = items.slice(at, at + atOnce).map(({ orderId }) => String(orderId));
    const found = ids.map((orderId) => read({ operation: 'getOrder', pathParameters: { orderId } }));
    whole.push(...(await Promise.all(found)).filter((order) => order !== undefined));
  }
  return { items: whole, isCut };
};

const nothing: Listed = { items: [], isCut: false };

/**
 * Collects all that is held on the caller from the functions of the operations that show it, with the caller's own
 * permissions. A part that cannot be read is named; the others are there.
 */
export const collectExport =
  (deps: ExportDeps) =>
  async (request: Request): Promise<PersonalExport> => {
    const { tenant, userId = '' } = request.caller;
    const from = reader(deps, request);
    const unavailable: ExportPart[] = [];
    const part = <Value, Missing>(name: ExportPart, work: Promise<Value>, missing: Missing): Promise<Value | Missing> =>
      work.catch((thrown: unknown) => {
        logger.error('a part of an export cannot be read', { part: name, userId, error: asError(thrown) });
        unavailable.push(name);
        return missing;
      });
    const [profile, orders, returns, payments, account] = await Promise.all([
      part('profile', from.read({ operation: 'getMe' }), undefined),
      part('orders', ordersOf(from).then(fitting), nothing),
      part('returns', from.list('listReturns').then(fitting), nothing),
      part('payments', from.list('listPayments').then(fitting), nothing),
      part('account', from.read({ operation: 'getBalance' }), undefined),
    ]);
    const lists = { orders, returns, payments };
    const collected = {
      ...{ userId, tenantId: tenant, exportedAt: deps.now().toISOString(), profile, account },
      ...{ orders: orders.items, returns: returns.items, payments: payments.items },
      more: (['orders', 'returns', 'payments'] as const).filter((name) => lists[name].isCut),
      unavailable,
    };
    return collected as unknown as PersonalExport; // the operations answer as their contracts say
  };
