import type * as z from 'zod';
import { Problem } from '../../../lambda/contracts/problem';
import { ProductView } from '../../../lambda/contracts/product-api';
import { StockView } from '../../../lambda/contracts/stock-api';
import type { Checklist } from '../checklist';
import { type ApiAnswer, type ApiRequest, asCurl, call } from '../system/order-api';
import type { System } from '../system/system';
import { print, title } from '../terminal';
import { stepUntil } from '../wait';

/** One run of the walk: whose catalog it is, and names that no earlier run has used. */
export type Walk = {
  readonly system: System;
  readonly token: string;
  readonly checks: Checklist;
  readonly productId: string;
  readonly categoryId: string;
};

const json = { 'Content-Type': 'application/json' };
const timeoutMs = 60_000;

/** A request of staff. */
export const asStaff = ({ token }: Walk, request: ApiRequest): ApiRequest => ({
  ...request,
  headers: { ...request.headers, Authorization: `Bearer ${token}` },
});

/** The same with a JSON body. */
export const withBody = (walk: Walk, request: ApiRequest, body: unknown): ApiRequest =>
  asStaff(walk, { ...request, headers: { ...request.headers, ...json }, body: JSON.stringify(body) });

const bearer = /'Authorization: Bearer [^']+'/;

/** Sends a request, and shows it as a curl line with its answer. The token is in the shell's TOKEN. */
export const ask = async ({ system }: Walk, what: string, request: ApiRequest): Promise<ApiAnswer> => {
  title(what);
  print(`$ ${asCurl(system, request).replace(bearer, '"Authorization: Bearer $TOKEN"')}`);
  const answer = await call(system, request);
  const text = answer.body === '' ? '' : ` ${JSON.stringify(answer.body)}`;
  print(`${answer.status}${text}`);
  return answer;
};

/** The name of a problem. */
export const problemOf = (body: unknown): string => Problem.safeParse(body).data?.title ?? '';

const readAs = async <Schema extends z.ZodType>(walk: Walk, path: string, schema: Schema) => {
  const { status, body } = await call(walk.system, asStaff(walk, { method: 'GET', path }));
  return status === 200 ? schema.parse(body) : undefined;
};

export const readProduct = (walk: Walk, productId = walk.productId) =>
  readAs(walk, `/products/${productId}`, ProductView);

export const readStockOf = (walk: Walk) => readAs(walk, `/inventory/${walk.productId}`, StockView);

/** Waits for something that other services do; throws when it does not come. */
export const waitFor = <Answer>(what: string, look: () => Promise<Answer | undefined>): Promise<Answer> =>
  stepUntil(what, look, { timeoutMs, everyMs: 200 });
