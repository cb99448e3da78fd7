import { preferredLanguage } from '../../lambda/contracts/values/accept-language';

const chosen = (header: string | undefined) => preferredLanguage(header, ['ja', 'en']);

describe('the language of a reader (RFC 9110, 12.5.4)', () => {
  test.each([
    ['fr, en;q=0.9', 'en'],
    ['ja;q=0.1, en', 'en'],
    ['en;q=0.1, ja;q=0.2', 'ja'],
    ['en;q=0.500,ja;q=0.499', 'en'],
    ['en, ja', 'en'],
    ['ja, en', 'ja'],
    ['en-GB', 'en'],
    ['en-US, ja;q=0.9, en;q=0.8', 'en'],
    ['de-AT, de;q=0.9, en-US;q=0.8, en;q=0.7', 'en'],
    ['EN-us;Q=0.3', 'en'],
    ['en_US', 'en'],
    [' en ; q=1 ', 'en'],
    ['ja-JP-u-ca-japanese, en;q=0.9', 'ja'],
    ['*', 'ja'],
    ['*, ja;q=0.1', 'en'],
    ['ja;q=0', 'en'],
    ['en;q=0, *;q=0.1', 'ja'],
    ['ja;q=0, en;q=0', 'ja'],
    ['fr', 'ja'],
    ['enx, eng', 'ja'],
    ['', 'ja'],
    [undefined, 'ja'],
    ['en;q=2, ja;q=0.1', 'ja'],
    ['en;q=, ja', 'ja'],
    [',,;q=1,', 'ja'],
    [`${'x,'.repeat(4000)}en`, 'en'],
  ])('F-47 Accept-Language %p is answered in %s', (header, language) => expect(chosen(header)).toBe(language));
});
