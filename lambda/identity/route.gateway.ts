import * as z from 'zod';
import type { Operation } from '../contracts/routes';
import { invokeFunction } from '../kernel/invoke-function';

const timeoutMs = 28_000; // API Gateway waits for 29 s

/** What a function of the API answers. */
const Answered = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});
export type Answered = z.infer<typeof Answered>;

/** The name of the function of each operation. */
export type RouteFunctions = ReadonlyMap<string, string>;

/** Hands a request to the function that answers an operation, as API Gateway would. Throws when it fails. */
export const routeFunctions =
  (functions: RouteFunctions) =>
  async (operation: Operation, event: unknown): Promise<Answered> => {
    const name = functions.get(operation);
    if (name === undefined) throw new Error(`no function answers ${operation}`);
    return Answered.parse(await invokeFunction(name, timeoutMs)(event));
  };
