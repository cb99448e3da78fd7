import * as z from 'zod';
import {
  type CreateDocumentOptions,
  createDocument,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
} from 'zod-openapi';
import { api, apiVersion } from '../../lambda/contracts/api/api';
import { type OperationContract, tags } from '../../lambda/contracts/api/operation';
import { Problem } from '../../lambda/contracts/api/problem';
import { type Policy, routes } from '../../lambda/contracts/api/routes';
import { Currency } from '../../lambda/contracts/values/money';
import { answersOf } from './answers';
import { examples } from './examples';
import { nameSchemas } from './named-schemas';
import { describeParameters } from './parameter-words';
import { headerParameters, pathParameters } from './parameters';
import { whoMayCall } from './policy-text';
import { rulesOf } from './rules';

type ApiOperation = keyof typeof api;
export type OpenApiDocument = ReturnType<typeof createDocument>;

const about = `Takes orders and never loses, doubles or oversells one.

- A **guest** sends \`X-Storefront-Key\`, which names the shop; without it the shop is the default one.
- Everybody else sends a **token** as \`Authorization: Bearer …\`, which names the user, the tenant and the roles. On a local AWS \`npm run token -- --role staff --tenant shop-a\` prints one; elsewhere \`POST /auth/log-in\` returns it as \`idToken\`. Paste it at **Authorize**; it is valid for an hour.
- A refusal is \`application/problem+json\` (RFC 9457) with a stable \`type\`; \`errors\` names each wrong field.
- Lists go on with \`cursor\` = \`nextCursor\` of the answer before, until there is none. A page may be short, or empty, and have one: no page reads without end.
- \`X-Correlation-Id\` of a request comes back in its answer and is in every log line and event that comes of it.
- Answers may get new fields within a version: clients ignore what they do not know.`;

const aboutTokens =
  'The ID token of a user. On a local AWS `npm run token -- --role staff --tenant shop-a` prints one (roles: `customer`, ' +
  '`staff`, `tenant-admin`, `platform-admin`); elsewhere `POST /auth/log-in` returns it as `idToken`. Valid for an hour.';

const aboutKeys =
  'Names the shop of a guest. `POST /tenants/{tenantId}/storefront-keys` makes one. Without it the shop is `default`.';

const servers = [
  { url: '.', description: 'This API' },
  { url: 'http://127.0.0.1:4566/_aws/execute-api/ordersystem/local', description: 'A local AWS (npm start)' },
  {
    url: 'https://{host}/{stage}',
    description: 'A deployment of your own; it must allow the origin of this page (corsOrigins)',
    variables: {
      host: { default: 'abc123.execute-api.ap-northeast-1.amazonaws.com', description: 'As npm run deploy shows it' },
      stage: { default: 'prod' },
    },
  },
];

const guestsToo: Record<string, string[]>[] = [{ bearer: [] }, { storefrontKey: [] }, {}];

const securityOf = ({ allow }: Policy, { tag }: OperationContract) => {
  if (tag === 'System') return [];
  return 'guest' in allow ? guestsToo : [{ bearer: [] }];
};

const shown = (bodies: Readonly<Record<string, unknown>>) => {
  const named = Object.entries(bodies).map(([summary, value]) => [summary.replaceAll(' ', '-'), { summary, value }]);
  return named.length === 0 ? {} : { examples: Object.fromEntries(named) };
};

const bodyOf = (operation: ApiOperation): Pick<ZodOpenApiOperationObject, 'requestBody'> => {
  const { body }: OperationContract = api[operation];
  if (body === undefined) return {};
  const media = shown(examples[operation]?.bodies ?? {});
  if ('contentType' in body)
    return {
      requestBody: { required: true, content: { [body.contentType]: { schema: { type: 'string' }, ...media } } },
    };
  const optional = body instanceof z.ZodOptional;
  const schema = optional ? (body.unwrap() as z.ZodType) : body;
  return { requestBody: { required: !optional, content: { 'application/json': { schema, ...media } } } };
};

const operationObject = (operation: ApiOperation): ZodOpenApiOperationObject => {
  const policy: Policy = routes[operation];
  const contract: OperationContract = api[operation];
  const { summary, description, tag, query } = contract;
  return {
    operationId: operation,
    tags: [tag],
    summary,
    description: [description, whoMayCall(policy, contract)].filter((text) => text !== undefined).join('\n\n'),
    security: securityOf(policy, contract),
    requestParams: {
      path: pathParameters(policy, contract),
      header: headerParameters(policy, contract),
      ...(query === undefined ? {} : { query }),
    },
    ...bodyOf(operation),
    responses: answersOf(operation),
    'x-allow': policy.allow,
  };
};

const pathsOf = (): ZodOpenApiObject['paths'] => {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const operation of Object.keys(api) as ApiOperation[]) {
    const { method, path }: Policy = routes[operation];
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationObject(operation) };
  }
  return paths;
};

const { MAX_SAFE_INTEGER: most, MIN_SAFE_INTEGER: least } = Number;

/** Takes out what the translation of a schema says too much, and adds what it does not say. */
const tidy: NonNullable<CreateDocumentOptions['override']> = ({ jsonSchema, zodSchema, io }) => {
  if (io === 'input' || zodSchema === Currency) Object.assign(jsonSchema, rulesOf(zodSchema));
  // answers may grow; that nobody answers what is not described is a rule of the tests
  if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  if (zodSchema === Problem.shape.title) delete jsonSchema.enum; // each answer names those that it may have
  if (jsonSchema.maximum === most) delete jsonSchema.maximum;
  if (jsonSchema.minimum === least) delete jsonSchema.minimum;
  if (jsonSchema.format === 'starts_with') delete jsonSchema.format; // its pattern says it
};

/** The OpenAPI description of the whole API, out of the policy table and the contracts. */
export const openApiDocument = (): OpenApiDocument => {
  nameSchemas();
  const document = createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Order system',
        version: apiVersion,
        description: about,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers,
      tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
      paths: pathsOf(),
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: aboutTokens },
          storefrontKey: { type: 'apiKey', in: 'header', name: 'X-Storefront-Key', description: aboutKeys },
        },
      },
    },
    { override: tidy },
  );
  return describeParameters(document);
};
