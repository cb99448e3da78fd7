import * as z from 'zod';
import { api } from '../../lambda/contracts/api';
import type { OperationContract } from '../../lambda/contracts/operation';
import * as orders from '../../lambda/contracts/order-api';
import * as problem from '../../lambda/contracts/problem';
import * as stock from '../../lambda/contracts/stock-api';

const exported = Object.entries<unknown>({ ...problem, ...orders, ...stock });

const bodies = (): unknown[] =>
  Object.values<OperationContract>(api).flatMap(({ body, answers }) => [body, ...Object.values(answers)]);

/** The schemas that the document shows under the names that they have in the code: whole bodies, and the problem. */
export const namedSchemas = (): Record<string, z.ZodType> => {
  const shown = new Set<unknown>([problem.Problem, problem.FieldError, ...bodies()]);
  return Object.fromEntries(
    exported.filter((entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType && shown.has(entry[1])),
  );
};
