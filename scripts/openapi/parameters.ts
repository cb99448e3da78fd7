import * as z from 'zod';
import type { OperationContract } from '../../lambda/contracts/api/operation';
import type { Policy } from '../../lambda/contracts/api/routes';
import { identifier, OrderId, ProductId, TenantId } from '../../lambda/contracts/values/text';

const usual: Readonly<Record<string, z.ZodType>> = {
  orderId: OrderId.meta({ example: 'ORD-000001' }),
  productId: ProductId.meta({ example: 'PROD-001' }),
  tenantId: TenantId.meta({ example: 'shop-a' }),
};

const namesIn = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** The path parameters of a route: those that its contract describes, the others by their name. */
export const pathParameters = ({ path }: Policy, { params }: OperationContract): z.ZodObject =>
  z.object(
    Object.fromEntries(namesIn(path).map((name) => [name, params?.shape[name] ?? usual[name] ?? identifier(128)])),
  );

const conditions = ({ method }: Policy, { etag }: OperationContract): z.ZodRawShape => {
  if (!etag || method === 'POST') return {};
  const examples = ['"1"'];
  if (method === 'GET') return { 'If-None-Match': z.string().meta({ examples }).optional() };
  const tag = z.string().regex(/^(?:"[1-9]\d{0,14}"|\*)$/);
  return { 'If-Match': tag.meta({ examples }).optional() };
};

/** Any text is taken as a shop's key: one that no shop has is answered 401, and whoever sends a token needs none. */
const storefrontKey = ({ headers }: OperationContract): z.ZodRawShape =>
  headers?.shape['X-Storefront-Key'] === undefined ? {} : { 'X-Storefront-Key': z.string().optional() };

/** The headers of a request that its contract describes, and those that ask for or insist on one version. */
export const headerParameters = (policy: Policy, contract: OperationContract): z.ZodObject =>
  z.object({ ...contract.headers?.shape, ...storefrontKey(contract), ...conditions(policy, contract) });
