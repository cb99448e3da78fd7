import * as z from 'zod';
import { api } from '../../lambda/contracts/api';
import * as categories from '../../lambda/contracts/category-api';
import type { OperationContract } from '../../lambda/contracts/operation';
import * as orders from '../../lambda/contracts/order-api';
import * as problem from '../../lambda/contracts/problem';
import * as products from '../../lambda/contracts/product-api';
import * as returns from '../../lambda/contracts/return-api';
import * as signIn from '../../lambda/contracts/sign-in-api';
import * as stock from '../../lambda/contracts/stock-api';
import * as tenants from '../../lambda/contracts/tenant-api';
import * as users from '../../lambda/contracts/user-api';

const contracts = [problem, orders, returns, stock, products, categories, signIn, users, tenants];
const exported = contracts.flatMap((contract) => Object.entries<unknown>(contract));

const bodies = (): unknown[] =>
  Object.values<OperationContract>(api).flatMap(({ body, answers }) => [body, ...Object.values(answers)]);

/** The schemas that the document shows under the names that they have in the code: whole bodies, and the problem. */
export const namedSchemas = (): Record<string, z.ZodType> => {
  const shown = new Set<unknown>([problem.Problem, problem.FieldError, ...bodies()]);
  return Object.fromEntries(
    exported.filter((entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType && shown.has(entry[1])),
  );
};
