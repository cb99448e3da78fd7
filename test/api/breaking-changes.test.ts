import fc from 'fast-check';
import { baselineOf, printBaseline } from '../../scripts/openapi/baseline';
import { breakingChanges, versionProblems } from '../../scripts/openapi/compare';
import type { Json } from '../../scripts/openapi/compare-schemas';
import { openApiDocument } from '../../scripts/openapi/document';
import { spoiled } from '../support/generated-value';
import { runs } from '../support/property';

const item = {
  type: 'object',
  properties: {
    productId: { type: 'string', maxLength: 64 },
    quantity: { type: 'integer', minimum: 1, maximum: 9999 },
  },
  required: ['productId', 'quantity'],
  additionalProperties: false,
};

const place = {
  operationId: 'placeOrder',
  'x-allow': { guest: 'own', customer: 'own', staff: 'tenant' },
  security: [{ bearer: [] }, {}],
  parameters: [{ in: 'header', name: 'Idempotency-Key', schema: { type: 'string' } }],
  requestBody: {
    required: true,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/PlaceOrder' } } },
  },
  responses: {
    201: {
      headers: { ETag: { required: true, schema: { type: 'string' } } },
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
    },
    400: {
      content: { 'application/problem+json': { schema: { properties: { title: { enum: ['ValidationFailed'] } } } } },
    },
  },
};

const list = {
  operationId: 'listOrders',
  'x-allow': { customer: 'own', staff: 'tenant' },
  security: [{ bearer: [] }],
  parameters: [
    { in: 'query', name: 'limit', schema: { type: 'integer', minimum: 1, maximum: 100 } },
    { in: 'query', name: 'status', schema: { type: 'string', enum: ['PENDING', 'SHIPPED'] } },
  ],
  responses: { 200: { content: { 'application/json': { schema: { type: 'object', properties: {} } } } } },
};

const published = {
  info: { version: '1.2.0' },
  paths: { '/orders': { post: place, get: list } },
  components: {
    schemas: {
      PlaceOrder: {
        type: 'object',
        properties: {
          note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
          items: { type: 'array', minItems: 1, maxItems: 50, items: item },
        },
        required: ['items'],
        additionalProperties: false,
      },
      Order: {
        type: 'object',
        properties: {
          orderId: { type: 'string', pattern: '^ORD-' },
          total: { type: 'number' },
          status: { enum: ['PENDING', 'SHIPPED'] },
        },
        required: ['orderId', 'total', 'status'],
      },
    },
  },
};

/** The published document as it is stored. */
const baseline: Json = JSON.parse(printBaseline(baselineOf(published)));

type Edit = [path: string, value?: unknown];

/** The published document with one place in it set to something else, or taken out. */
const edited = ([path, value]: Edit): Json => {
  const copy = structuredClone(published);
  const keys = path.split('.').map((key) => key.replaceAll('|', '.'));
  const last = keys.pop() ?? '';
  let place: Record<string, unknown> = copy as unknown as Record<string, unknown>;
  for (const key of keys) place = place[key] as Record<string, unknown>;
  if (value === undefined) delete place[last];
  else place[last] = value;
  return copy;
};

const post = 'paths./orders.post';
const get = 'paths./orders.get';
const body = 'components.schemas.PlaceOrder';
const order = 'components.schemas.Order';

describe('a change that breaks a client is found', () => {
  test.each<[string, Edit, string]>([
    ['an operation is gone', ['paths./orders.get'], 'GET /orders: is gone'],
    ['a path is another', ['paths', { '/order': published.paths['/orders'] }], 'POST /orders: is gone'],
    ['an operation has another name', [`${post}.operationId`, 'order'], 'POST /orders: is now called order'],
    ['a role is shut out', [`${post}.x-allow`, { guest: 'own', staff: 'tenant' }], 'customer reaches less'],
    ['a role reaches less', [`${post}.x-allow.staff`, 'own'], 'staff reaches less'],
    ['guests need a token', [`${post}.security`, [{ bearer: [] }]], '{} is no longer enough'],
    ['a parameter is gone', [`${get}.parameters.0`, list.parameters[1]], 'query parameter limit is not taken any more'],
    ['a parameter is required', [`${post}.parameters.0.required`, true], 'Idempotency-Key is now required'],
    [
      'a new parameter is required',
      [`${get}.parameters.2`, { in: 'query', name: 'of', required: true, schema: {} }],
      'query parameter of is now required',
    ],
    ['a parameter may be less', [`${get}.parameters.0.schema.maximum`, 50], 'limit: maximum is 100 where 50 is known'],
    [
      'a parameter has a value less',
      [`${get}.parameters.1.schema.enum`, ['PENDING']],
      'status: SHIPPED is not among the known values',
    ],
    ['a body is required', [`${get}.requestBody`, { required: true, content: {} }], 'now requires a body'],
    [
      'a body is of another type',
      [`${post}.requestBody.content`, { 'text/csv': {} }],
      'takes application/json no more',
    ],
    ['a field of a body is gone', [`${body}.properties.note`], 'body/note: is not known'],
    ['a field of a body is required', [`${body}.required`, ['items', 'note']], 'body/note: is not always there'],
    [
      'a field of a body is of another type',
      [`${body}.properties.items.items.properties.productId`, { type: 'integer' }],
      'body/items/*/productId: string where integer is known',
    ],
    [
      'a field may be shorter',
      [`${body}.properties.items.items.properties.productId.maxLength`, 32],
      'productId: maxLength is 64 where 32 is known',
    ],
    [
      'a field must be longer',
      [`${body}.properties.items.items.properties.productId.minLength`, 3],
      'productId: minLength is open where 3 is known',
    ],
    [
      'a field must match',
      [`${body}.properties.items.items.properties.productId.pattern`, '^P'],
      'productId: pattern is open where ^P is known',
    ],
    ['a list may be shorter', [`${body}.properties.items.maxItems`, 10], 'items: maxItems is 50 where 10 is known'],
    ['an alternative is gone', [`${body}.properties.note`, { type: 'string' }], 'note: null where string is known'],
    [
      'an answer has another status',
      [`${post}.responses`, { 202: place.responses[201] }],
      'answers 202, which nobody knows',
    ],
    ['a status is answered no more', [`${post}.responses.201`], 'answers 201 no more'],
    ['an answer is of another type', [`${post}.responses.201.content`, { 'text/plain': {} }], 'comes as text/plain'],
    [
      'a field of an answer is gone',
      [`${order}.required`, ['orderId', 'status']],
      'answer 201/total: is not always there',
    ],
    [
      'a field of an answer may be null',
      [`${order}.properties.total`, { type: ['number', 'null'] }],
      'answer 201/total: null where number is known',
    ],
    [
      'a field of an answer is wider',
      [`${order}.properties.orderId.pattern`],
      'orderId: pattern is open where ^ORD- is known',
    ],
    [
      'an answer has a value more',
      [`${order}.properties.status.enum`, ['PENDING', 'SHIPPED', 'LOST']],
      'status: LOST is not among the known values',
    ],
    ['a header is gone', [`${post}.responses.201.headers`, {}], 'answer 201: no ETag'],
  ])('%s', (_what, edit, message) => {
    expect(breakingChanges(published, edited(edit)).join('\n')).toContain(message);
    expect(breakingChanges(baseline, edited(edit))).toEqual(breakingChanges(published, edited(edit)));
  });
});

describe('a change that breaks nobody is none', () => {
  test.each<[string, Edit]>([
    ['nothing changed', ['info.version', '1.2.0']],
    ['a new operation', ['paths./health', { get: list }]],
    ['a role more', [`${get}.x-allow.tenant-admin`, 'tenant']],
    ['a role reaches further', [`${get}.x-allow.customer`, 'tenant']],
    ['an optional parameter', [`${get}.parameters.2`, { in: 'query', name: 'since', schema: { type: 'string' } }]],
    ['a parameter may be more', [`${get}.parameters.0.schema.maximum`, 200]],
    ['an optional field in a body', [`${body}.properties.gift`, { type: 'boolean' }]],
    ['a field of a body may be left out', [`${body}.required`, []]],
    ['a field of a body may be more', [`${body}.properties.items.maxItems`, 100]],
    ['a number where an integer was', [`${body}.properties.items.items.properties.quantity.type`, 'number']],
    ['a field more in an answer', [`${order}.properties.placedAt`, { type: 'string' }]],
    ['a field of an answer is narrower', [`${order}.properties.total`, { type: 'integer', minimum: 0 }]],
    ['an answer has a value less', [`${order}.properties.status.enum`, ['PENDING']]],
    ['one more problem', [`${post}.responses.409`, place.responses[400]]],
    ['one problem less', [`${post}.responses.400`]],
    ['a new description', [`${post}.description`, 'Places an order.']],
  ])('%s', (_what, edit) => expect(breakingChanges(baseline, edited(edit))).toEqual([]));

  test('a schema that is put together from parts is the same as one that is not', () => {
    const { Order } = published.components.schemas;
    const parts = { allOf: [{ $ref: '#/components/schemas/Base' }, { required: ['total'] }], required: ['status'] };
    const whole = edited(['components.schemas.Base', { ...Order, required: ['orderId'] }]);
    const split = structuredClone(whole) as typeof published;
    Object.assign(split.components.schemas, { Order: parts });
    expect(breakingChanges(published, split)).toEqual([]);
    expect(breakingChanges(split, published)).toEqual([]);
  });
});

describe('the version says what a change does', () => {
  const at = (version: string, edit: Edit) => ({ ...edited(edit), info: { version } });
  const breaking: Edit = [`${post}.operationId`, 'order'];
  const harmless: Edit = [`${post}.description`, 'Places an order.'];

  test.each([
    ['1.2.0', breaking, 'breaks clients of version 1.2.0: POST /orders: is now called order'],
    ['1.3.0', breaking, 'breaks clients of version 1.2.0: POST /orders: is now called order'],
    ['1.2.0', harmless, 'version 1.2.0 is published and says something else: raise apiVersion'],
    ['1.1.9', harmless, 'version 1.2.0 is published and says something else: raise apiVersion'],
  ] as const)('%s is too low', (version, edit, message) => {
    expect(versionProblems(baseline, at(version, [...edit] as Edit))).toEqual([message]);
  });

  test.each([
    ['2.0.0', breaking],
    ['1.3.0', harmless],
    ['1.2.1', harmless],
  ] as const)('%s is right', (version, edit) => {
    expect(versionProblems(baseline, at(version, [...edit] as Edit))).toEqual([]);
  });

  test('what is published may stay as it is', () => expect(versionProblems(baseline, published)).toEqual([]));
});

describe('the baseline of a document', () => {
  const document: Json = JSON.parse(JSON.stringify(openApiDocument()));

  test('is what its clients depend on, with a line for each operation, parameter and field', () => {
    const described = edited([`${post}.description`, 'Places an order.']);
    const text = printBaseline(baselineOf(described));
    expect(text.split('\n').map((line) => line.trim())).toEqual(
      expect.arrayContaining([
        '"operationId": "listOrders", "x-allow": {"customer":"own","staff":"tenant"}, "security": [{"bearer":[]}],',
        '{"in":"query","name":"limit","schema":{"type":"integer","minimum":1,"maximum":100}},',
        '"note": {"anyOf":[{"type":"string"},{"type":"null"}]},',
        '"total": {"type":"number"},',
      ]),
    );
    expect(text).not.toContain('Places an order.');
    expect(text).not.toContain('ValidationFailed');
  });

  test('finds nothing in the document that it was made of, and is less than a fifth of it', () => {
    const text = printBaseline(baselineOf(document));
    expect(versionProblems(JSON.parse(text), document)).toEqual([]);
    expect(text.split('\n').length * 5).toBeLessThan(JSON.stringify(document, undefined, 2).split('\n').length);
  });

  /** What breaks, or why it cannot be told. */
  const changes = (before: Json, after: Json): unknown => {
    try {
      return breakingChanges(before, after);
    } catch (error) {
      return String(error);
    }
  };

  test('finds the same as the whole document, wherever something is taken out or changed', () => {
    const baseline = baselineOf(document);
    const property = fc.property(spoiled(fc.constant(baseline), 2), (next) => {
      expect(changes(baseline, next as Json)).toEqual(changes(document, next as Json));
    });
    fc.assert(property, runs(25));
  });
});
