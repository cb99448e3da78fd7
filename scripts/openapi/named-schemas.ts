import * as z from 'zod';
import { api } from '../../lambda/contracts/api/api';
import * as categories from '../../lambda/contracts/api/category-api';
import type { OperationContract } from '../../lambda/contracts/api/operation';
import * as orders from '../../lambda/contracts/api/order-api';
import * as privacy from '../../lambda/contracts/api/privacy-api';
import * as problem from '../../lambda/contracts/api/problem';
import * as products from '../../lambda/contracts/api/product-api';
import * as returns from '../../lambda/contracts/api/return-api';
import * as signIn from '../../lambda/contracts/api/sign-in-api';
import * as stock from '../../lambda/contracts/api/stock-api';
import * as tenants from '../../lambda/contracts/api/tenant-api';
import * as users from '../../lambda/contracts/api/user-api';
import { CountryCode } from '../../lambda/contracts/values/country';
import { Currency } from '../../lambda/contracts/values/money';

const contracts = [problem, orders, returns, stock, products, categories, signIn, users, tenants, privacy];
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
