import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { api } from '../../../lambda/contracts/api/api';
import type { OperationContract } from '../../../lambda/contracts/api/operation';
import { type Operation, type Policy, routes } from '../../../lambda/contracts/api/routes';
import { examples } from '../../../scripts/openapi/examples';
import type { AttackedShop, Headers } from '../../support/attacked-shop';
import { bodyAbout } from '../../support/victim';
import { bodySchema } from './place';
import type { Request } from './request';
import { accepts, wellFormed } from './well-formed';

/** Whoever may do most in one shop is asked first; a guest where nobody else may. */
const byMight = ['tenant-admin', 'staff', 'customer', 'guest', 'platform-admin'];

const callerOf = ({ callers, leaver }: AttackedShop, operation: Operation): Headers => {
  if (operation === 'logOut') return leaver;
  const role = byMight.find((one) => one in routes[operation].allow) ?? 'guest';
  return callers[role] ?? {};
};

/** What the platform's admins and the shop's may change without an end to this run: another shop, and a member. */
const paramsOf = ({ victim, another, memberId }: AttackedShop, operation: Operation): Record<string, string> => {
  const { allow }: Policy = routes[operation];
  const ofPlatform = 'platform-admin' in allow && !('tenant-admin' in allow);
  return { ...victim.params, userId: memberId, ...(ofPlatform ? { tenantId: another } : {}) };
};

const headersOf = (shop: AttackedShop, operation: Operation): Headers => {
  const { body, headers }: OperationContract = api[operation];
  const type = body !== undefined && 'contentType' in body ? body.contentType : 'application/json';
  return {
    ...callerOf(shop, operation),
    ...(body === undefined ? {} : { 'content-type': type }),
    ...('Idempotency-Key' in (headers?.shape ?? {}) ? { 'Idempotency-Key': randomUUID() } : {}),
  };
};

/** Bodies that the contract takes: about what there is, as the examples show it, and made from the schema. */
export const rightBodies = ({ victim }: AttackedShop, operation: Operation): unknown[] => {
  const schema = bodySchema(operation);
  if (schema === undefined) return [];
  const shown = Object.values(examples[operation]?.bodies ?? {});
  const made = fc.sample(wellFormed(schema), { numRuns: 40, seed: 7 });
  return [bodyAbout(victim, operation), ...shown, ...made].filter((body) => accepts(schema, body));
};

/** The file of an operation that takes no JSON. */
const csvOf = ({ victim }: AttackedShop, operation: Operation): { body?: string } => {
  const { body }: OperationContract = api[operation];
  return body !== undefined && 'contentType' in body ? { body: String(bodyAbout(victim, operation)) } : {};
};

/** A request to an operation that is right, by somebody who may send it; its body is one of `bodies`. */
export const rightRequest = (shop: AttackedShop, operation: Operation, [body]: readonly unknown[]): Request => {
  const { productId } = shop.victim.params;
  return {
    operation,
    path: paramsOf(shop, operation),
    query: operation === 'quickOrder' ? { product_id: productId, quantity: '1' } : {},
    headers: headersOf(shop, operation),
    ...(body === undefined ? csvOf(shop, operation) : { body: JSON.stringify(body) }),
  };
};
