import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { api } from '../../lambda/contracts/api/api';
import type { OperationContract } from '../../lambda/contracts/api/operation';
import { type Operation, type Policy, routes } from '../../lambda/contracts/api/routes';
import { versionProblems } from '../../scripts/openapi/compare';
import { openApiDocument } from '../../scripts/openapi/document';
import { examples } from '../../scripts/openapi/examples';

type Described = {
  operationId: string;
  summary: string;
  tags: string[];
  security: unknown[];
  responses: Record<string, { $ref?: string; content?: Record<string, unknown> }>;
};

const document = JSON.parse(JSON.stringify(openApiDocument()));
const stored = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

const described = (operation: Operation): Described => {
  const { method, path } = routes[operation];
  return document.paths[path][method.toLowerCase()];
};

const schemaOf = (body: unknown): z.ZodType => (body instanceof z.ZodType ? body : z.string());

const operations = Object.keys(api) as (keyof typeof api)[];

test('S4-42 docs/openapi.json is what the contracts say: npm run openapi', () => {
  expect(stored('docs/openapi.json')).toEqual(document);
});

test('a change that breaks clients of the published description needs a new version', () => {
  expect(versionProblems(stored('docs/openapi.published.json'), document)).toEqual([]);
});

test('S4-42 every operation has a summary of its own, one tag, and its name', () => {
  const summaries = operations.map((operation) => described(operation).summary);
  expect(new Set(summaries).size).toBe(operations.length);
  for (const operation of operations)
    expect(described(operation)).toMatchObject({ operationId: operation, tags: [api[operation].tag] });
  const known = document.tags.map(({ name }: { name: string }) => name);
  expect(known).toEqual(expect.arrayContaining(operations.map((operation) => api[operation].tag)));
});

describe.each(operations)('%s', (operation) => {
  const contract: OperationContract = api[operation];
  const policy: Policy = routes[operation];
  const { responses, security } = described(operation);

  const responseOf = (status: string) => {
    const { $ref } = responses[status] ?? {};
    return $ref === undefined ? responses[status] : document.components.responses[$ref.split('/').at(-1) ?? ''];
  };

  test('its examples are right by its contract', () => {
    const { bodies = {}, answer } = examples[operation] ?? {};
    const { body, answers } = contract;
    for (const value of Object.values(bodies)) expect(schemaOf(body).safeParse(value).error).toBeUndefined();
    if (answer !== undefined)
      expect(schemaOf(answers[200] ?? answers[201] ?? answers[202]).parse(answer)).toEqual(answer);
  });

  test('S4-42 takes the query parameters that its policy names', () => {
    expect(Object.keys(contract.query?.shape ?? {}).sort()).toEqual([...(policy.query ?? [])].sort());
  });

  test('refuses with problem+json alone', () => {
    const refusals = Object.keys(responses).filter((status) => Number(status) >= 400 && !(status in contract.answers));
    expect(refusals).toEqual(expect.arrayContaining(['400', '403', '429', '500', '504']));
    for (const status of refusals)
      expect(Object.keys(responseOf(status).content)).toEqual(['application/problem+json']);
  });

  test('needs a token unless guests may call it', () => {
    const open = contract.tag === 'System';
    expect(security).toEqual(
      open ? [] : 'guest' in policy.allow ? [{ bearer: [] }, { storefrontKey: [] }, {}] : [{ bearer: [] }],
    );
    expect('401' in responses).toBe(!open);
  });
});
