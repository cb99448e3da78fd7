import { preferredLanguage } from '../../lambda/contracts/values/accept-language';
import { type Language, languages } from './language';

/** What a page, or an API of the local stage, is answered with. */
export type Reply = {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Who reads a page: their language, and each text in it. */
export type Reader = {
  readonly language: Language;
  readonly say: (texts: Readonly<Record<Language, string>>) => string;
};

export const readerOf = (acceptLanguage: string | undefined): Reader => {
  const language = preferredLanguage(acceptLanguage, languages);
  return { language, say: (texts) => texts[language] };
};

export type PageOptions = {
  /** @default 200 */
  readonly status?: number;
  /** @default en */
  readonly language?: Language;
  /** For lists of long lines. @default false */
  readonly wide?: boolean;
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in a page, whatever it holds. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? '');

const styles = `
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: Canvas; color: CanvasText; }
main { width: min(26rem, 92vw); padding: 2rem; border: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); border-radius: 1rem; }
h1 { font-size: 1rem; font-weight: 600; margin: 0 0 1rem; }
.amount { font-size: 2.25rem; font-weight: 700; margin: 0 0 1rem; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0 0 1.5rem; font-size: .9rem; }
dt { opacity: .7; } dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
form { display: grid; gap: .75rem; }
button { font: inherit; font-weight: 600; padding: .8rem; border-radius: .6rem; border: 1px solid currentColor; background: none; color: inherit; cursor: pointer; }
button.pay { background: #d6002f; border-color: #d6002f; color: #fff; }
button.pay.stripe { background: #5047d4; border-color: #5047d4; }
button:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
.state { padding: .8rem; border-radius: .6rem; text-align: center; font-weight: 600; border: 1px solid currentColor; }
small { display: block; margin-top: 1.5rem; opacity: .7; }
li { margin: .3rem 0; }
main.wide { width: min(56rem, 92vw); align-self: start; margin: 4vh 0; }
details { border-top: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); padding: .6rem 0; }
summary { cursor: pointer; display: grid; gap: 0 1rem; font-weight: 600; }
summary small { margin: 0; font-weight: 400; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: .75rem 0; }
`;

/** A page of the local stage. */
export const html = (
  title: string,
  content: string,
  { status = 200, language = 'en', wide = false }: PageOptions = {},
): Reply => ({
  status,
  type: 'text/html; charset=utf-8',
  headers: {
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    'cache-control': 'no-store',
  },
  body: `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><style>${styles}</style></head><body><main${wide ? ' class="wide"' : ''}>${content}</main></body></html>
`,
});
