import * as z from 'zod';
import type { Operation } from '../contracts/routes';
import { postSigned } from '../kernel/signed-request';

const patienceMs = 28_000; // API Gateway waits for 29 s

/** What a function of the API answers. */
const Answered = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});
export type Answered = z.infer<typeof Answered>;

/** Where Lambda invokes the function of each operation. */
export type RouteFunctions = ReadonlyMap<string, string>;

/** Hands a request to the function that answers an operation, as API Gateway would. Throws when it fails. */
export const routeFunctions =
  (urls: RouteFunctions, region: string) =>
  async (operation: Operation, event: unknown): Promise<Answered> => {
    const url = urls.get(operation);
    if (url === undefined) throw new Error(`no function answers ${operation}`);
    const contentType = 'application/json';
    const body = JSON.stringify(event);
    const response = await postSigned({ url, service: 'lambda', region, contentType, body, patienceMs });
    if (!response.ok || response.headers.has('x-amz-function-error'))
      throw new Error(`the function of ${operation} failed with ${response.status}`);
    return Answered.parse(await response.json());
  };
