import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { runInNewContext } from 'node:vm';
import { docsFiles } from '../../lambda/contracts/api/system-api';
import type { FileName, PageFile } from '../../lambda/manual/page-file';
import { contentTypeOf } from '../../lambda/manual/page-file';
import { manualRoutes } from '../../lambda/manual/serve-manual.http';
import { manualFiles } from '../../lib/manual';
import { call } from '../support/http';

const textOf = (name: FileName): string => {
  const file = manualFiles.find((path) => basename(path) === name);
  return readFileSync(file ?? name, 'utf8');
};

const files = {
  read: async (name: FileName): Promise<PageFile> => ({ contentType: contentTypeOf(name), text: textOf(name) }),
};
const routes = manualRoutes(files);

test('S1-29 GET /openapi.json is the description that is checked in', async () => {
  const { status, headers, body } = await call(routes.getOpenApi, { operation: 'getOpenApi' });
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(body).toEqual(JSON.parse(readFileSync('docs/openapi.json', 'utf8')));
});

describe('S1-29 GET /docs', () => {
  const page = () => call(routes.getDocs, { operation: 'getDocs' });

  test('is a page that loads nothing of another host and runs no script of its own text', async () => {
    const { status, headers, body } = await page();
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' http://127.0.0.1:4566 https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    expect(body).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(body).not.toMatch(/<script(?! src=)|<style|\son\w+=/);
  });

  test('loads files that are served, relative to its own address', async () => {
    const { body } = await page();
    const loaded = [...body.matchAll(/(?:src|href)="docs\/([^"]+)"/g)].map(([, name]) => name);
    expect(loaded.sort()).toEqual([...docsFiles].sort());
  });
});

describe('S1-29 GET /docs/{file}', () => {
  const load = (file: string) => call(routes.getDocsFile, { operation: 'getDocsFile', pathParameters: { file } });

  test.each([
    ['page.js', 'text/javascript; charset=utf-8', 'SwaggerUIBundle'],
    ['page.css', 'text/css; charset=utf-8', 'background'],
    ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8', 'swagger'],
    ['swagger-ui.css', 'text/css; charset=utf-8', '.swagger-ui'],
  ])('%s', async (file, contentType, part) => {
    const { status, headers, body } = await load(file);
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': contentType, 'cache-control': 'public, max-age=3600' });
    expect(body).toContain(part);
  });

  test.each(['index.mjs', 'index.html', '../index.mjs', '..%2Findex.mjs', 'page.js/', '', 'LICENSE', '__proto__'])(
    'there is no %p',
    async (file) => {
      const { status, body } = await load(file);
      expect([status, body.title]).toEqual([404, 'NotFound']);
    },
  );
});

test('what the function sends exists, with the terms of the library', () => {
  expect(manualFiles.filter((path) => !existsSync(path))).toEqual([]);
  const names = manualFiles.map((path) => basename(path));
  expect(names).toEqual(expect.arrayContaining([...docsFiles, 'index.html', 'openapi.json', 'LICENSE', 'NOTICE']));
});

describe('S1-29 the servers of GET /docs', () => {
  type Server = { readonly url: string };
  type Page = { readonly plugins: readonly (() => Plugin)[] };
  type Update = (spec: unknown) => unknown;
  type Plugin = { statePlugins: { spec: { wrapActions: { updateJsonSpec: (update: Update) => Update } } } };

  /** What a person can choose on the page of an address. */
  const offered = (address: string): string[] => {
    const pages: Page[] = [];
    const location = new URL(address);
    runInNewContext(textOf('page.js'), {
      URL,
      window: { location, SwaggerUIBundle: (page: Page) => pages.push(page) },
    });
    const shown: { readonly servers: readonly Server[] }[] = [];
    const plugin = pages[0]?.plugins[0]?.();
    const update = plugin?.statePlugins.spec.wrapActions.updateJsonSpec((spec) => shown.push(spec as never));
    update?.(JSON.parse(textOf('openapi.json')));
    return shown.flatMap(({ servers }) => servers.map(({ url }) => url));
  };

  test('on a local AWS: the page’s own API by its address, and a deployment of one’s own', () => {
    expect(offered('http://127.0.0.1:4600/_aws/execute-api/ordersystem/local/docs')).toEqual([
      'http://127.0.0.1:4600/_aws/execute-api/ordersystem/local',
      'https://{host}/{stage}',
    ]);
  });

  test('on AWS: the page’s own API by its address, a local AWS, and another deployment', () => {
    expect(offered('https://abc.execute-api.ap-northeast-1.amazonaws.com/prod/docs#/Orders')).toEqual([
      'https://abc.execute-api.ap-northeast-1.amazonaws.com/prod',
      'http://127.0.0.1:4566/_aws/execute-api/ordersystem/local',
      'https://{host}/{stage}',
    ]);
  });

  test('the description says how to get a token, at the top and where one is typed in', () => {
    const { info, components } = JSON.parse(textOf('openapi.json'));
    for (const text of [info.description, components.securitySchemes.bearer.description]) {
      expect(text).toContain('`npm run token -- --role staff --tenant shop-a`');
      expect(text).toContain('`POST /auth/log-in`');
    }
  });
});
