import { createHash } from 'node:crypto';
import { exportParts, type PersonalExport } from '../../contracts/api/privacy-api';
import type { Locale } from '../../contracts/values/order-status';
import { wordFor } from './export-words';

const style = `
body { margin: 0 auto; max-width: 60rem; padding: 1rem; font-family: system-ui, sans-serif; line-height: 1.5; }
dl { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: 0.25rem 1rem; margin: 0; }
dt { color: #555; }
dd { margin: 0; overflow-wrap: anywhere; }
li { margin-bottom: 1rem; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } }
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** The page loads nothing and runs no script; only its own style applies. It cannot be framed. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? '');

const shown = (value: unknown, language: Locale): string => {
  if (Array.isArray(value)) {
    if (value.length === 0) return escaped(wordFor(language, 'none'));
    return `<ol>${value.map((item) => `<li>${shown(item, language)}</li>`).join('')}</ol>`;
  }
  if (typeof value !== 'object' || value === null) return escaped(String(value ?? wordFor(language, 'none')));
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const rows = fields.map(
    ([name, field]) => `<dt>${escaped(wordFor(language, name))}</dt><dd>${shown(field, language)}</dd>`,
  );
  return `<dl>${rows.join('')}</dl>`;
};

const note = (data: PersonalExport, list: 'more' | 'unavailable', language: Locale): string => {
  if (data[list].length === 0) return '';
  const names = data[list].map((name) => wordFor(language, name)).join(language === 'ja' ? '、' : ', ');
  return `<p><strong>${escaped(`${wordFor(language, list)}: ${names}`)}</strong></p>`;
};

/** Returns the export as a page. All that it shows is escaped. */
export const exportPage = (data: PersonalExport, language: Locale): string => {
  const { userId, tenantId, exportedAt } = data;
  const title = escaped(wordFor(language, 'title'));
  const parts = exportParts.map(
    (name) => `<section><h2>${escaped(wordFor(language, name))}</h2>${shown(data[name], language)}</section>`,
  );
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title><style>${style}</style></head><body><h1>${title}</h1>`,
    note(data, 'unavailable', language),
    note(data, 'more', language),
    shown({ userId, tenantId, exportedAt }, language),
    ...parts,
    '</body></html>',
  ].join('\n');
};
