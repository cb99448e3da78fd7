import { DocsFile } from '../contracts/api/system-api';
import { type Answer, refuse } from '../kernel/http/answer';
import type { Request, Route } from '../kernel/http/route';
import { contentSecurityPolicy, type PageFile } from './page-file';
import type { PageFiles } from './page-files.gateway';

const seconds = 3600;

const sent = ({ contentType, text }: PageFile, headers: Record<string, string> = {}): Answer => ({
  status: 200,
  body: text,
  headers: { 'content-type': contentType, 'cache-control': `public, max-age=${seconds}`, ...headers },
});

const noSuchFile = refuse('NotFound', 'There is no such file.');

const pageHeaders = { 'content-security-policy': contentSecurityPolicy, 'referrer-policy': 'no-referrer' };

/** Returns the routes of the API's description and of the page to browse it. */
export const manualRoutes = (files: PageFiles) =>
  ({
    getOpenApi: async () => sent(await files.read('openapi.json')),
    getDocs: async () => sent(await files.read('index.html'), pageHeaders),
    getDocsFile: async ({ pathParameter }: Request) => {
      const file = DocsFile.safeParse(pathParameter('file'));
      return file.success ? sent(await files.read(file.data)) : noSuchFile;
    },
  }) satisfies Record<string, Route>;
