import { preferredLanguage } from '../../contracts/values/accept-language';
import type { Route } from '../../kernel/http/route';
import { prefersHtml } from './accepts-html';
import { collectExport, type ExportDeps } from './collect-export';
import { contentSecurityPolicy, exportPage } from './export-page';

/** `GET /privacy/export`: as JSON, or as a page for browsers. */
export const exportRoute = (deps: ExportDeps): Route => {
  const collect = collectExport(deps);
  return async (request) => {
    const data = await collect(request);
    if (!prefersHtml(request.header('accept'))) return { status: 200, body: data };
    const language = preferredLanguage(request.header('accept-language'), ['ja', 'en']);
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-language': language,
      'content-security-policy': contentSecurityPolicy,
      'referrer-policy': 'no-referrer',
    };
    return { status: 200, body: exportPage(data, language), headers };
  };
};
