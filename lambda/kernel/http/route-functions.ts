import * as z from 'zod';
import type { Operation } from '../../contracts/api/routes';
import { invokeFunction } from '../aws/signed-request';

const timeoutMs = 28_000; // API Gateway times out after 29 s

/** The response of a function of the API. */
const Answered = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});
export type Answered = z.infer<typeof Answered>;

/** Forwards a request to the function of an operation, as API Gateway would. */
export type Forward = (operation: Operation, event: unknown) => Promise<Answered>;

/**
 * Returns how requests are forwarded to the functions of operations, by their names. Forwarding throws when the
 * function fails or the operation has none.
 */
export const routeFunctions = (operationsOf: Readonly<Record<string, readonly string[]>>): Forward => {
  const names = new Map(
    Object.entries(operationsOf).flatMap(([name, operations]) => operations.map((operation) => [operation, name])),
  );
  return async (operation, event) => {
    const name = names.get(operation);
    if (name === undefined) throw new Error(`no function handles ${operation}`);
    return Answered.parse(await invokeFunction(name, timeoutMs)(event));
  };
};
