import * as z from 'zod';
import type { OperationContract } from './operation';
import { HealthResponse } from './order-api';
import type { Operation } from './routes';

/** The files of the page that shows the API's description. */
export const docsFiles = ['swagger-ui.css', 'swagger-ui-bundle.js', 'page.css', 'page.js'] as const;
export const DocsFile = z.enum(docsFiles);
export type DocsFile = z.infer<typeof DocsFile>;

/** The contracts of the operations about the system itself. */
export const systemOperations = {
  health: {
    summary: 'Check the health of the system',
    description: 'Checks every dependency of an order. The answer is 503 when one of them does not respond.',
    tag: 'System',
    answers: { 200: HealthResponse, 503: HealthResponse },
    problems: [],
  },
  getOpenApi: {
    summary: 'Read this description',
    tag: 'System',
    answers: { 200: z.looseObject({ openapi: z.literal('3.1.0') }) },
    problems: [],
  },
  getDocs: {
    summary: 'Browse this description',
    tag: 'System',
    answers: { 200: { contentType: 'text/html; charset=utf-8' } },
    problems: [],
  },
  getDocsFile: {
    summary: 'Load a part of the page that shows this description',
    tag: 'System',
    params: z.object({ file: DocsFile }),
    answers: { 200: { contentType: 'text/*' } },
    problems: ['NotFound'],
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;
