import * as z from 'zod';
import { routes } from '../../lambda/contracts/api/routes';
import { readMessage } from '../../lambda/kernel/events/queue-message';
import { isProblem } from '../../lambda/kernel/http/answer';
import { parseBody } from '../../lambda/kernel/http/input';
import type { Route } from '../../lambda/kernel/http/route';
import { serve } from '../../lambda/kernel/http/serve';
import { staff } from '../catalog/shop';
import { apiEvent } from '../support/http';

const Contract = z.strictObject({
  name: z.string(),
  items: z
    .array(z.strictObject({ n: z.int() }))
    .max(100)
    .optional(),
  notes: z.record(z.string(), z.string()).optional(),
});

const json = { 'content-type': 'application/json' };

const route: Route = async (request) => {
  const parsed = parseBody(request, Contract);
  return isProblem(parsed) ? parsed : { status: 200, body: parsed.body };
};

const ask = async (asked: Parameters<typeof apiEvent>[0]) => {
  const event = apiEvent({ operation: 'createCategory', caller: staff, headers: json, ...asked });
  const { statusCode, body } = await serve(routes, { createCategory: route })(event);
  return { status: statusCode, body: JSON.parse(body) };
};

const send = (body: string | Uint8Array, headers = json) => ask({ body, headers });

test('F-20 a body in Shift_JIS is refused by the name of its encoding, when its bytes arrive', async () => {
  const body = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0x83, 0x6d, 0x83, 0x67]), Buffer.from('"}')]);
  const { status, body: problem } = await send(body);
  expect([status, problem.detail]).toEqual([
    400,
    'The body is not UTF-8: it looks like Shift_JIS. JSON is sent as UTF-8.',
  ]);
});

test('F-20 a body whose bytes were replaced on their way is refused, field by field', async () => {
  const { status, body } = await send('{"name":"\ufffdm","notes":{"a":"x\ufffd"}}');
  expect(status).toBe(400);
  expect(body.detail).toBe(
    'The body has text that is not whole: send it as UTF-8 (and not as Shift_JIS, for example).',
  );
  expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(['/name', '/notes/a']);
  expect(body.errors[0].detail).toMatch(/^must not contain U\+FFFD/);
});

test.each([
  ['{"name":"a","__proto__":1}', ['/__proto__']],
  ['{"name":"a","notes":{"__proto__":"b"}}', ['/notes/__proto__']],
  ['{"name":"a","notes":{"\\u005F_proto__":"b","x":"y"}}', ['/notes/__proto__']],
  ['{"name":"a","notes":{"__pr\\u006fto__":"b"}}', ['/notes/__proto__']],
  ['{"name":"a","items":[{"n":1,"__proto__":{"n":2}}]}', ['/items/0/__proto__']],
  ['{"__proto__":{"__proto__":{"name":"a"}}}', ['/__proto__', '/__proto__/__proto__']],
])('F-27 %s is refused wherever a contract takes it, and the field named', async (text, pointers) => {
  const { status, body } = await send(text);
  const errors = pointers.map((pointer) => ({ pointer, detail: 'unknown field' }));
  expect([status, body.detail, body.errors]).toEqual([400, 'The body has wrong fields.', errors]);
});

test('F-27 a text may speak of __proto__, and names such as constructor are names', async () => {
  const text = '{"name":"__proto__ of \\u005f","notes":{"constructor":"a","prototype":"b","proto":"c"}}';
  expect(await send(text)).toEqual({ status: 200, body: JSON.parse(text) });
});

test('F-27 four thousand such fields are answered with fifty', async () => {
  const { status, body } = await send(`[${Array.from({ length: 4000 }, () => '{"__proto__":1}').join()}]`);
  expect([status, body.errors.length]).toEqual([400, 50]);
});

test.each([
  ['an escape of U+FFFD', '{"name":"\\ufffd"}', '/name'],
  ['half of a surrogate pair', '{"name":"\\ud83d"}', '/name'],
  ['the other half', '{"name":"a\\uDE00b"}', '/name'],
  ['half of a pair in a name of a field', '{"name":"a","notes":{"\\ud83d":"b"}}', '/notes/\ud83d'],
])('F-20 F-27 %s is refused', async (_what, text, pointer) => {
  const { status, body } = await send(text);
  expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
});

test('F-20 whole surrogate pairs are text, escaped or not', async () => {
  expect((await send('{"name":"\\ud83d\\ude00 😀"}')).body).toEqual({ name: '😀 😀' });
});

test.each([
  'application/json; charset="utf-8"',
  'application/json;charset=UTF-8',
  'Application/JSON ; profile="https://x.example/y" ; charset=utf8',
  'application/json;',
])('F-24 the content type %s is JSON', async (type) => {
  expect((await send('{"name":"a"}', { 'content-type': type })).status).toBe(200);
});

test.each([
  ['application/json; charset=shift_jis', 'JSON is sent as UTF-8, not as shift_jis.'],
  ['text/plain', 'Content-Type must be application/json.'],
  ['application/json, text/csv', 'Content-Type must be application/json.'],
  ['application/jsonx', 'Content-Type must be application/json.'],
])('F-24 the content type %s is refused', async (type, detail) => {
  expect((await send('{"name":"a"}', { 'content-type': type })).body).toMatchObject({ status: 415, detail });
});

const names = (count: number) => Array.from({ length: count }, (_, n) => `"k${n}":0`).join(',');

test('F-25 of a thousand unknown fields fifty are listed, and their number is told', async () => {
  const { body } = await send(`{"name":"a",${names(1000)}}`);
  expect(body.errors).toHaveLength(50);
  expect(body.errors[49]).toEqual({ pointer: '/k49', detail: 'unknown field' });
  expect(body.detail).toBe('The body has wrong fields. The first 50 of 1000 errors are listed.');
});

test('F-25 an unknown field with an endless name is repeated in part', async () => {
  const { body } = await send(`{"name":"a","${'x'.repeat(60_000)}":0}`);
  expect(body.errors[0].pointer).toBe(`/${'x'.repeat(100)}…`);
});

test.each([
  ['10,000 wrong items', `{"name":"a","items":[${Array.from({ length: 10_000 }, () => '{}').join()}]}`],
  ['30,000 numbers for items', `{"name":"a","items":[${'1,'.repeat(30_000)}1]}`],
  ['lists in lists, 30,000 deep', `{"name":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
  ['lists in lists around what was lost', `{"name":${'['.repeat(30_000)}"\ufffd"${']'.repeat(30_000)}}`],
  ['10,000 texts that were lost', `{"name":"a","notes":{${names(4000).replaceAll(':0', ':"\ufffd"')}}}`],
])('F-25 %s are answered with fifty errors at most', async (_what, text) => {
  const { status, body } = await send(text);
  expect(status).toBe(400);
  expect(body.errors.length).toBeLessThanOrEqual(50);
  expect(JSON.stringify(body).length).toBeLessThan(20_000);
});

test('F-25 a thousand unknown parameters of a query are listed in part', async () => {
  const query = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`k${n}`, '']));
  const { body } = await ask({ query });
  expect(body.errors).toHaveLength(50);
  expect(body.detail).toBe('The request has unknown query parameters. The first 50 of 1000 errors are listed.');
});

test('F-25 what is wrong with a message is reported in a bounded text', () => {
  const body = JSON.stringify({
    notes: Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`${n}${'x'.repeat(200)}`, n])),
  });
  const read = readMessage(z.object({ notes: z.record(z.string(), z.string()) }), { body } as never);
  expect('error' in read && read.error.message.length).toBeLessThan(1000);
});
