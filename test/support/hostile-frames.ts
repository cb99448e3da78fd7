const subscribe = { action: 'subscribe', orderId: 'ORD-000001' };
const deep = `${'['.repeat(1000)}${']'.repeat(1000)}`;
const action = 'must be subscribe, unsubscribe or ping';
const object = 'must be an object with an "action"';
const orderId = 'must look like ORD-000001';
const oneOf = 'is required unless "feed" is true, and must be left out then';

/** [what it is, the frame, the field that is wrong, the rule that it breaks] */
export const wrongFields: [string, unknown, string, string | RegExp][] = [
  ['null', 'null', '', object],
  ['a list', '[]', '', object],
  ['a number', '7', '', object],
  ['a text', '"subscribe"', '', object],
  ['true', 'true', '', object],
  ['lists in lists', deep, '', object],
  ['no action', {}, '/action', action],
  ['an unknown action', { action: 'publish' }, '/action', action],
  ['an action in capitals', { action: 'SUBSCRIBE' }, '/action', action],
  ['an action that is a number', { action: 1 }, '/action', action],
  ['an action that is null', { action: null }, '/action', action],
  ['an action that is a list', { action: ['subscribe'] }, '/action', action],
  ['an action of API Gateway', { action: '$connect' }, '/action', action],
  ['the prototype as action', { action: '__proto__' }, '/action', action],
  ['a constructor as action', { action: 'constructor' }, '/action', action],
  ['neither order nor feed', { action: 'subscribe' }, '/orderId', oneOf],
  ['both order and feed', { ...subscribe, feed: true }, '/orderId', oneOf],
  ['neither to unsubscribe from', { action: 'unsubscribe' }, '/orderId', oneOf],
  ['an empty order', { ...subscribe, orderId: '' }, '/orderId', orderId],
  ['another tenant’s order', { ...subscribe, orderId: 'shop-b#ORD-000001' }, '/orderId', orderId],
  ['the feed as an order', { ...subscribe, orderId: 'FEED' }, '/orderId', orderId],
  ['a connection as an order', { ...subscribe, orderId: '#CONNECTION#c-2' }, '/orderId', orderId],
  ['a path', { ...subscribe, orderId: '../ORD-000001' }, '/orderId', orderId],
  ['an order in small letters', { ...subscribe, orderId: 'ord-000001' }, '/orderId', orderId],
  ['an order with a line break', { ...subscribe, orderId: 'ORD-000001\n' }, '/orderId', orderId],
  ['an order with a NUL', { ...subscribe, orderId: 'ORD-000001\u0000' }, '/orderId', orderId],
  ['a lone surrogate', '{"action":"subscribe","orderId":"\\ud800"}', '/orderId', orderId],
  ['an order of 1,024 digits', { ...subscribe, orderId: `ORD-${'1'.repeat(1024)}` }, '/orderId', orderId],
  ['an order that is a number', { ...subscribe, orderId: 1 }, '/orderId', 'must be text'],
  ['an order that is null', { ...subscribe, orderId: null }, '/orderId', 'must be text'],
  ['an order that is a list', { ...subscribe, orderId: ['ORD-000001'] }, '/orderId', 'must be text'],
  ['an order that is an object', { ...subscribe, orderId: { S: 'ORD-000001' } }, '/orderId', 'must be text'],
  ['a feed that is false', { action: 'subscribe', feed: false }, '/feed', 'must be true, or missing'],
  ['a feed that is a text', { action: 'subscribe', feed: 'true' }, '/feed', 'must be true, or missing'],
  ['an empty tracking token', { ...subscribe, trackingToken: '' }, '/trackingToken', 'must not be empty'],
  [
    'a long tracking token',
    { ...subscribe, trackingToken: 'x'.repeat(129) },
    '/trackingToken',
    'must have at most 128 characters',
  ],
  ['a tracking token that is a number', { ...subscribe, trackingToken: 1 }, '/trackingToken', 'must be text'],
  ['version 0', { ...subscribe, sinceVersion: 0 }, '/sinceVersion', 'must be more than 0'],
  ['a negative version', { ...subscribe, sinceVersion: -1 }, '/sinceVersion', 'must be more than 0'],
  ['half a version', { ...subscribe, sinceVersion: 1.5 }, '/sinceVersion', 'must be a whole number'],
  ['a version that is a text', { ...subscribe, sinceVersion: '1' }, '/sinceVersion', 'must be a number'],
  [
    'a version of 2^53+1',
    '{"action":"subscribe","orderId":"ORD-000001","sinceVersion":9007199254740993}',
    '/sinceVersion',
    'must be at most 9007199254740991',
  ],
  [
    'an endless version',
    '{"action":"subscribe","orderId":"ORD-000001","sinceVersion":1e400}',
    '/sinceVersion',
    'must be a number',
  ],
  ['an unknown field', { ...subscribe, tenant: 'shop-b' }, '/tenant', 'unknown field'],
  ['a ping with more', { action: 'ping', x: 1 }, '/x', 'unknown field'],
  [
    'a token to unsubscribe',
    { action: 'unsubscribe', orderId: 'ORD-000001', trackingToken: 'x' },
    '/trackingToken',
    'unknown field',
  ],
  ['the prototype', '{"action":"ping","__proto__":{"x":1}}', '/__proto__', 'unknown field'],
];

/** [what it is, the frame, why it is refused, what is said] */
export const unreadable: [string, string, string, string][] = [
  ['nothing', '', 'MalformedJson', 'The frame is not valid JSON.'],
  ['half an object', '{"action":"ping"', 'MalformedJson', 'The frame is not valid JSON.'],
  ['garbage after it', '{"action":"ping"} x', 'MalformedJson', 'The frame is not valid JSON.'],
  ['a byte order mark', '\ufeff{"action":"ping"}', 'MalformedJson', 'The frame is not valid JSON.'],
  ['binary', '\u0000\u0001\u0002\ufffd', 'MalformedJson', 'The frame is not valid JSON.'],
  [
    '128 KB',
    `{"action":"ping","x":"${'x'.repeat(128_000)}"}`,
    'PayloadTooLarge',
    'A frame must not be larger than 4096 bytes.',
  ],
  [
    '4,097 bytes in Japanese',
    `"${'あ'.repeat(1365)}"`,
    'PayloadTooLarge',
    'A frame must not be larger than 4096 bytes.',
  ],
];
