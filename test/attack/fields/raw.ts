import { gzipSync } from 'node:zlib';
import { bodySchema, operations, type Place } from './place';
import type { Request } from './request';

type Change = Pick<Request, 'body'> & { readonly headers?: Request['headers'] };

const typed = (type: string): Request['headers'] => ({ 'content-type': type });

/** Bodies that are no JSON in UTF-8 or no object, out of one that is right. All are refused. */
const spoiled: Readonly<Record<string, (text: string) => Change>> = {
  'a byte order mark': (text) => ({ body: `\ufeff${text}` }),
  'UTF-16': (text) => ({ body: Buffer.from(text, 'utf16le') }),
  'UTF-16 by its name': (text) => ({
    body: Buffer.from(text, 'utf16le'),
    headers: typed('application/json; charset=utf-16'),
  }),
  Shift_JIS: () => ({ body: Buffer.from('{"name":"\x83m\x81["}', 'latin1') }),
  'Latin-1': () => ({ body: Buffer.from('{"name":"Caf\xe9"}', 'latin1') }),
  gzip: (text) => ({ body: gzipSync(text), headers: { 'content-encoding': 'gzip' } }),
  'half of it': (text) => ({ body: text.slice(0, -1) }),
  'something after it': (text) => ({ body: `${text} x` }),
  'two of it': (text) => ({ body: text + text }),
  'a comma too much': (text) => ({ body: text.replace(/\}$/, ',}') }),
  'single quotes': () => ({ body: "{'name':'x'}" }),
  'a comment': (text) => ({ body: `/* */${text}` }),
  'no number': () => ({ body: '{"quantity":NaN}' }),
  null: () => ({ body: 'null' }),
  'a list': (text) => ({ body: `[${text}]` }),
  'a text': (text) => ({ body: JSON.stringify(text) }),
  'a control character': () => ({ body: '{"name":"a\u0001b"}' }),
  '300 KB': (text) => ({ body: `{"x":"${'x'.repeat(300_000)}",${text.slice(1)}` }),
  'a form': () => ({ body: 'name=x', headers: typed('application/x-www-form-urlencoded') }),
  'no type': (text) => ({ body: text, headers: typed('text/plain') }),
  XML: () => ({
    body: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    headers: typed('application/xml'),
  }),
};

/** A case whose whole body is wrong. */
export type RawCase = { readonly name: string; readonly place: Place; readonly spoil: (base: Request) => Request };

/** Every operation that takes JSON with every body that is none. */
export const rawCases = (): RawCase[] =>
  operations
    .filter((operation) => bodySchema(operation) !== undefined)
    .flatMap((operation) =>
      Object.entries(spoiled).map(([what, spoil]) => ({
        name: `${operation} whole body: ${what}`,
        place: { name: `${operation} body`, operation, part: 'body' as const, path: [], schemas: [] },
        spoil: (base: Request) => {
          const { headers, ...change } = spoil(String(base.body));
          return { ...base, ...change, headers: { ...base.headers, ...headers } };
        },
      })),
    );
