import { defaultTenant } from '../../lambda/kernel/tenant';
import { peopleRoutes } from '../api/people-routes';
import { call } from '../support/http';

const caller = { tenant: defaultTenant, userId: 'user-1', email: 'user-1@example.com', roles: ['staff' as const] };
const headers = { 'content-type': 'application/json' };

const patch = (body: string) => call(peopleRoutes().updateMe, { operation: 'updateMe', caller, headers, body });

describe('what users say of themselves (PATCH /users/me)', () => {
  test.each([
    ['{"preferences":{"a":9007199254740993}}', '/preferences/a'],
    ['{"preferences":{"a":-9007199254740993}}', '/preferences/a'],
    ['{"preferences":{"a":1e-200}}', '/preferences/a'],
    ['{"preferences":{"a":1e300}}', '/preferences/a'],
    ['{"preferences":{"constructor":1}}', '/preferences/constructor'],
    ['{"preferences":{"prototype":1}}', '/preferences/prototype'],
    ['{"preferences":{"__proto__":1}}', '/preferences/__proto__'],
    ['{"preferences":{"__proto__":{"a":1}}}', '/preferences/__proto__'],
    ['{"preferences":{"a":1,"\\u005f_pro\\u0074o__":null}}', '/preferences/__proto__'],
    ['{"preferences":{"__defineGetter__":1}}', '/preferences/__defineGetter__'],
    ['{"__proto__":{"displayName":"x"}}', '/__proto__'],
    ['{"address":{"__proto__":{"line1":"x"}}}', '/address/__proto__'],
    ['{"preferences":{"toString":"x"}}', '/preferences/toString'],
    ['{"preferences":{"hasOwnProperty":true}}', '/preferences/hasOwnProperty'],
    ['{"preferences":{"a":"\\ud800"}}', '/preferences/a'],
    ['{"displayName":"4242 / 4242 / 4242 / 4242"}', '/displayName'],
    ['{"avatar":"https://x/\\ud800"}', '/avatar'],
    ['{"avatar":"https://user:secret@example.com/a.png"}', '/avatar'],
    ['{"avatar":"https://example.com/a\\u0000.png"}', '/avatar'],
    ['{"avatar":"https://example.com/a\\n.png"}', '/avatar'],
    ['{"avatar":"http://example.com/a.png"}', '/avatar'],
    ['{"avatar":"javascript:alert(1)"}', '/avatar'],
    [`{"avatar":"https://example.com/${'語'.repeat(400)}"}`, '/avatar'],
  ])('F-27 %s is refused, and the field named', async (body, pointer) => {
    const answer = await patch(body);
    expect([answer.status, answer.body.errors.map((error: { pointer: string }) => error.pointer)]).toEqual([
      400,
      [pointer],
    ]);
  });

  test.each([
    ['https://x/"onerror=', 'https://x/%22onerror='],
    ["https://x/'onerror='a", 'https://x/%27onerror=%27a'],
    ["https://x/#'`", 'https://x/#%27%60'],
    ['https://x/?a=`', 'https://x/?a=%60'],
    ['https://EXAMPLE.com/a b'.replace(' ', '%20'), 'https://example.com/a%20b'],
    ['https://example.com/<script>?q="', 'https://example.com/%3Cscript%3E?q=%22'],
    ['https://例え.jp/花.png', 'https://xn--r8jz45g.jp/%E8%8A%B1.png'],
  ])('F-27 the avatar %s is kept as %s', async (given, kept) => {
    const answer = await patch(JSON.stringify({ avatar: given }));
    expect([answer.status, answer.body.avatar]).toEqual([200, kept]);
  });

  test('F-27 numbers that the store takes are kept', async () => {
    const preferences = { most: 9007199254740991, small: 1e-7, none: 0, constructorName: 'x' };
    const answer = await patch(JSON.stringify({ preferences }));
    expect([answer.status, answer.body.preferences]).toEqual([200, preferences]);
  });
});
