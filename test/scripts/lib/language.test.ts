import { languageIn } from '../../../scripts/lib/language';
import { readerOf } from '../../../scripts/lib/page';

test.each([
  [{}, 'en'],
  [{ LANG: 'C.UTF-8' }, 'en'],
  [{ LANG: 'ja_JP.UTF-8' }, 'ja'],
  [{ LANG: 'ja_JP.UTF-8', LC_ALL: 'en_US.UTF-8' }, 'en'],
  [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'ja' }, 'ja'],
  [{ LANG: 'jam_JM' }, 'en'],
])('the environment %p asks for %s', (env, language) => expect(languageIn(env)).toBe(language));

test.each([
  [undefined, 'en'],
  ['ja', 'ja'],
  ['ja-JP,ja;q=0.9,en;q=0.8', 'ja'],
  ['fr, en;q=0.9, ja;q=0.1', 'en'],
  ['ja;q=0.1, en', 'en'],
  ['ja;q=0', 'en'],
  ['*', 'en'],
])('a browser that accepts %p reads %s', (accepts, language) => expect(readerOf(accepts).language).toBe(language));
