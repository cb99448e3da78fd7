import * as z from 'zod';
import { signedCall } from '../../lib/system/signed-call';
import type { Resource } from '../../lib/system/stack-resources';
import { clientConfig } from '../emulator/endpoint';

const Texts = z.record(z.string(), z.string());

const GatewayResponse = z.object({ statusCode: z.string(), responseParameters: Texts, responseTemplates: Texts });

const Preflight = z.object({
  'x-amazon-apigateway-integration': z.object({
    responses: z.object({ default: z.object({ statusCode: z.string(), responseParameters: Texts }) }),
  }),
});

/** What an import of the API's definition leaves out on a MiniStack. */
export const ApiBody = z.object({
  paths: z.record(z.string(), z.object({ options: Preflight.optional() })),
  'x-amazon-apigateway-gateway-responses': z.record(z.string(), GatewayResponse),
});
export type ApiBody = z.infer<typeof ApiBody>;

type Ask = (method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown) => Promise<unknown>;

const asker =
  (endpoint: string, apiId: string): Ask =>
  async (method, path, body) => {
    const [pathname = '', search] = path.split('?');
    const response = await signedCall(clientConfig(endpoint), {
      service: 'apigateway',
      method,
      path: `/restapis/${apiId}${pathname}`,
      query: Object.fromEntries(new URLSearchParams(search)),
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === 404 && method === 'GET') return undefined;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };

/** Returns whether there was one that the import had left out. */
const patchGatewayResponses = async (ask: Ask, answers: ApiBody['x-amazon-apigateway-gateway-responses']) => {
  const missing: string[] = [];
  for (const [type, wanted] of Object.entries(answers)) {
    const { data } = GatewayResponse.safeParse(await ask('GET', `/gatewayresponses/${type}`));
    if (JSON.stringify(data) !== JSON.stringify(wanted)) missing.push(type);
  }
  for (const type of missing) await ask('PUT', `/gatewayresponses/${type}`, answers[type]);
  return missing.length > 0;
};

const Resources = z.object({ item: z.array(z.object({ id: z.string(), path: z.string() })) });
const Integration = z.object({ integrationResponses: z.record(z.string(), z.unknown()) });

const patchPreflight = async (ask: Ask, resourceId: string, preflight: z.infer<typeof Preflight>): Promise<boolean> => {
  const { statusCode, responseParameters } = preflight['x-amazon-apigateway-integration'].responses.default;
  const path = `/resources/${resourceId}/methods/OPTIONS/integration`;
  const { data } = Integration.safeParse(await ask('GET', path));
  if (data?.integrationResponses[statusCode] !== undefined) return false;
  await ask('PUT', `${path}/responses/${statusCode}`, { responseParameters });
  return true;
};

/** Returns whether there was one that the import had left out. */
const patchPreflights = async (ask: Ask, paths: ApiBody['paths']): Promise<boolean> => {
  const preflights = Object.entries(paths).flatMap(([path, { options }]) => (options ? [{ path, options }] : []));
  if (preflights.length === 0) return false;
  const { item } = Resources.parse(await ask('GET', '/resources?limit=500'));
  const idOf = (path: string) => item.find((resource) => resource.path === path)?.id;
  const patched = [];
  for (const { path, options } of preflights) patched.push(await patchPreflight(ask, idOf(path) ?? '', options));
  return patched.includes(true);
};

/** Gives the API what its import left out, and deploys it again then. Doing it twice changes nothing. */
export const patchApi = async (endpoint: string, body: ApiBody, resources: readonly Resource[]): Promise<void> => {
  const idOf = (type: string) => resources.find((resource) => resource.type === `AWS::ApiGateway::${type}`)?.id ?? '';
  const ask = asker(endpoint, idOf('RestApi'));
  const answers = await patchGatewayResponses(ask, body['x-amazon-apigateway-gateway-responses']);
  const preflights = await patchPreflights(ask, body.paths);
  if (answers || preflights) await ask('POST', '/deployments', { stageName: idOf('Stage') });
};
