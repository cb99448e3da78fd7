import * as z from 'zod';
import { api } from '../../lambda/contracts/api';
import * as categories from '../../lambda/contracts/category-api';
import { CountryCode } from '../../lambda/contracts/country';
import { Currency } from '../../lambda/contracts/money';
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

const unwrapped = (schema: unknown): unknown => (schema instanceof z.ZodOptional ? schema.unwrap() : schema);

const bodies = (): unknown[] =>
  Object.values<OperationContract>(api).flatMap(({ body, answers }) => [unwrapped(body), ...Object.values(answers)]);

/** Gives the schemas that the document shows by name the names that they have in the code: whole bodies, the problem, currencies and countries. */
export const nameSchemas = (): void => {
  for (const [id, schema] of Object.entries({ Currency, CountryCode }))
    z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
  const shown = new Set<unknown>([problem.Problem, problem.FieldError, ...bodies()]);
  for (const [id, schema] of exported)
    if (schema instanceof z.ZodType && shown.has(schema))
      z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
};
