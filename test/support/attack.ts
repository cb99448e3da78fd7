import { api } from '../../lambda/contracts/api/api';
import type { OperationContract } from '../../lambda/contracts/api/operation';
import { type Operation, type Policy, routes } from '../../lambda/contracts/api/routes';
import type { Attacker } from './attackers';
import { bodyAbout, type Victim } from './victim';

export const contractOf = (operation: Operation): OperationContract => api[operation];
export const policyOf = (operation: Operation): Policy => routes[operation];

/** Where a request names what is not the caller's. */
export const places = ['path', 'query', 'body', 'header', 'idempotency key'] as const;
export type Place = (typeof places)[number];

/** One try of somebody to learn or change what is the victim's. */
export type Attack = { readonly operation: Operation; readonly place: Place; readonly by: Attacker };

type Request = { readonly path: string; readonly headers: Record<string, string>; readonly body?: string };

/** IDs that nobody has. */
export const nobodys: Victim['params'] = {
  orderId: 'ORD-999999999',
  returnId: 'RET-999999999-1',
  paymentId: 'PAY-ORD-999999999',
  alertId: 'double_payment.ORD-999999999',
  productId: 'SKU-NOBODYS',
  categoryId: 'nobodys',
  tenantId: 'nobodys',
  userId: 'nobody',
  keyId: 'key-nobodys',
  imageId: '5b1f9c8e-1f6b-4d8f-9a1c-3d2e1f0a9b8c',
  file: 'page.js',
  erasureId: 'ERA-00000000-0000-4000-8000-000000000000',
};

const pathOf = (operation: Operation, params: Victim['params']) =>
  policyOf(operation).path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name as keyof Victim['params']]);

const queryAbout = ({ params, cursors }: Victim, operation: Operation): string => {
  const { productId, categoryId } = params;
  const values: Record<string, string | undefined> = {
    product_id: productId,
    quantity: '1',
    category: categoryId,
    cursor: cursors[operation],
  };
  const named = (policyOf(operation).query ?? []).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`];
  });
  return named.length === 0 ? '' : `?${named.join('&')}`;
};

const headersAbout = (victim: Victim, { place, by }: Attack): Record<string, string> => {
  if (place === 'idempotency key') return { 'idempotency-key': victim.idempotencyKey };
  if (place !== 'header') return {};
  const key: Record<string, string> = 'authorization' in by.headers ? { 'x-storefront-key': victim.storefrontKey } : {};
  return { 'x-forwarded-for': '10.0.0.1', 'x-tenant-id': victim.tenant, ...key };
};

const contentAbout = (victim: Victim, { operation, place }: Attack): { type: string; text: string } | undefined => {
  const { body } = contractOf(operation);
  if (body === undefined) return undefined;
  const again = operation === 'placeOrder' && place === 'idempotency key'; // the victim's own request, word for word
  const content = again ? victim.body : bodyAbout(victim, operation);
  return 'contentType' in body
    ? { type: body.contentType, text: String(content) }
    : { type: 'application/json', text: JSON.stringify(content) };
};

/** Whether an operation takes anything in this place. */
export const isApplicable = (operation: Operation, place: Place): boolean => {
  const { path, query = [] } = policyOf(operation);
  const { body, headers } = contractOf(operation);
  const taken: Record<Place, boolean> = {
    path: path.includes('{'),
    query: query.some((name) => name !== 'limit' && name !== 'status'),
    body: body !== undefined,
    header: true,
    'idempotency key': 'Idempotency-Key' in (headers?.shape ?? {}),
  };
  return taken[place];
};

/** The request of an attack: right in all but whose things it names. */
export const requestOf = (victim: Victim, attack: Attack): Request => {
  const { operation, place, by } = attack;
  const params = place === 'query' || place === 'body' ? nobodys : victim.params;
  const content = contentAbout(victim, attack);
  const headers = { ...by.headers, ...headersAbout(victim, attack) };
  const path = `${pathOf(operation, params)}${place === 'query' ? queryAbout(victim, operation) : ''}`;
  if (content === undefined) return { path, headers };
  return { path, headers: { ...headers, 'content-type': content.type }, body: content.text };
};
