import { assertDocumented, operationAt, type Seen } from '../support/documented';

const well = { status: 'ok', build: 'abc', dependencies: { orders: { status: 'ok', milliseconds: 3 } } };
const json = { 'content-type': 'application/json', 'x-correlation-id': 'request-1' };
const problem = {
  type: 'urn:problem:TooManyRequests',
  title: 'TooManyRequests',
  status: 429,
  detail: 'Too many requests at once.',
};
const problemHeaders = { 'content-type': 'application/problem+json', 'retry-after': '1' };

const check = (seen: Partial<Seen>) => () =>
  assertDocumented({ operation: 'health', status: 200, headers: json, body: well, ...seen });

describe('an answer is held against the description of the API', () => {
  test.each<[string, Partial<Seen>]>([
    ['as it is described', {}],
    ['with a charset', { headers: { ...json, 'content-type': 'application/json; charset=utf-8' } }],
    ['503 with its own body', { status: 503 }],
    ['a problem that any operation may have', { status: 429, headers: problemHeaders, body: problem }],
    ['text', { operation: 'getDocs', headers: { ...json, 'content-type': 'text/html' }, body: '<!doctype html>' }],
    ['text of some kind', { operation: 'getDocsFile', headers: { ...json, 'content-type': 'text/css' }, body: 'a{}' }],
  ])('%s passes', (_what, seen) => expect(check(seen)).not.toThrow());

  test.each<[string, Partial<Seen>, string]>([
    ['another status', { status: 418 }, 'GET /health (health) answered 418 with a status that is not documented.'],
    ['a missing header', { headers: { 'content-type': 'application/json' } }, 'no header X-Correlation-Id'],
    ['another content type', { headers: { ...json, 'content-type': 'text/plain' } }, 'the content type text/plain'],
    ['a missing field', { body: { ...well, build: undefined } }, "must have required property 'build'"],
    ['a field too many', { body: { ...well, secret: 1 } }, 'must NOT have unevaluated properties'],
    [
      'a field too many inside',
      { body: { ...well, dependencies: { a: { ...well, milliseconds: 1 } } } },
      '/dependencies/a',
    ],
    ['a wrong value', { body: { ...well, status: 'fine' } }, '/status must be equal to one of the allowed values'],
    [
      'a problem as plain JSON',
      { status: 429, body: problem, headers: { ...json, ...{ 'retry-after': '1' } } },
      'content type',
    ],
    [
      'a problem without its header',
      { status: 429, body: problem, headers: { 'content-type': 'application/problem+json' } },
      'no header Retry-After',
    ],
    [
      'a problem that the operation does not have',
      { status: 429, headers: problemHeaders, body: { ...problem, title: 'NotFound' } },
      '/title',
    ],
    [
      'a problem with a field too many',
      { status: 429, headers: problemHeaders, body: { ...problem, stack: 'x' } },
      'unevaluatedProperty":"stack"',
    ],
  ])('%s fails', (_what, seen, message) => expect(check(seen)).toThrow(message));
});

test('a path belongs to the operation that API Gateway would choose', () => {
  expect(operationAt('GET', '/users/me')).toBe('getMe');
  expect(operationAt('GET', '/users/u-1')).toBe('getUser');
  expect(operationAt('GET', '/orders/ORD-000001?x=1')).toBe('getOrder');
  expect(operationAt('DELETE', '/orders')).toBeUndefined();
});
