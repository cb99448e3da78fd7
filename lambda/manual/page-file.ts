import type { DocsFile } from '../contracts/api/system-api';

/** The content of a file, with its media type. */
export type PageFile = { readonly contentType: string; readonly text: string };

/** Files in the function's bundle: those of the page, and the API's description. */
export type FileName = DocsFile | 'index.html' | 'openapi.json';

const contentTypes = {
  'index.html': 'text/html; charset=utf-8',
  'openapi.json': 'application/json; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const satisfies Record<FileName, string>;

export const contentTypeOf = (name: FileName): string => contentTypes[name];

/**
 * The page loads only files of the API itself; it cannot be framed and sends no forms. Its requests go to the server
 * that the reader chooses: this API, a local AWS, or another deployment over https.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self' http://127.0.0.1:4566 https:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
