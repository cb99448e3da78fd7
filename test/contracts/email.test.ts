import { SignInEmail } from '../../lambda/contracts/api/sign-in-api';
import { deliverable, Email } from '../../lambda/contracts/values/email';

const reasonOf = (address: string) => Email.safeParse(address).error?.issues.map(({ message }) => message);

describe('e-mail addresses', () => {
  test.each([
    ['hana..ko@docomo.ne.jp', 'hana..ko@docomo.ne.jp', '"hana..ko"@docomo.ne.jp'],
    ['hanako.@ezweb.ne.jp', 'hanako.@ezweb.ne.jp', '"hanako."@ezweb.ne.jp'],
    ['.hanako@docomo.ne.jp', '.hanako@docomo.ne.jp', '".hanako"@docomo.ne.jp'],
    ['"hana..ko"@docomo.ne.jp', 'hana..ko@docomo.ne.jp', '"hana..ko"@docomo.ne.jp'],
    ['"hanako"@example.com', 'hanako@example.com', 'hanako@example.com'],
    ['"han\\ako"@example.com', 'hanako@example.com', 'hanako@example.com'],
    ['hana/ko=1!@docomo.ne.jp', 'hana/ko=1!@docomo.ne.jp', 'hana/ko=1!@docomo.ne.jp'],
    ["o'neil+shop@example.ie", "o'neil+shop@example.ie", "o'neil+shop@example.ie"],
    ['!#$%&*/=?^_`{|}~-@example.com', '!#$%&*/=?^_`{|}~-@example.com', '!#$%&*/=?^_`{|}~-@example.com'],
    ['taro@日本語.jp', 'taro@xn--wgv71a119e.jp', 'taro@xn--wgv71a119e.jp'],
    ['taro@例え。テスト', 'taro@xn--r8jz45g.xn--zckzah', 'taro@xn--r8jz45g.xn--zckzah'],
    ['taro@ＥＸＡＭＰＬＥ．ｃｏｍ', 'taro@example.com', 'taro@example.com'],
    ['Taro@Bücher.DE', 'Taro@xn--bcher-kva.de', 'Taro@xn--bcher-kva.de'],
    ['taro@xn--wgv71a119e.jp', 'taro@xn--wgv71a119e.jp', 'taro@xn--wgv71a119e.jp'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('F-26 %s is kept as %s and mailed to as %s', (given, kept, mailed) => {
    expect(Email.parse(given)).toBe(kept);
    expect(Email.parse(kept)).toBe(kept);
    expect(deliverable(given)).toBe(mailed);
  });

  test.each([
    ['a Unicode local part', '花子@example.com', /other letters/],
    ['an accent in the local part', 'josé@example.com', /other letters/],
    ['a blank', 'hana ko@example.com', /must be an e-mail address/],
    ['a blank in quotation marks', '"hana ko"@example.com', /must be an e-mail address/],
    ['a comma', 'a@example.com,b@example.com', /must be an e-mail address/],
    ['a comma in quotation marks', '"a,b"@example.com', /signs/],
    ['a line break', 'a@example.com\r\nBcc: b@example.com', /must be an e-mail address/],
    ['a line break in quotation marks', '"a\r\nBcc: b"@example.com', /must be an e-mail address/],
    ['NUL', 'a\u0000b@example.com', /signs/],
    ['a half quotation mark', '"hanako@example.com', /signs/],
    ['a display name', 'Hanako<hanako@example.com>', /signs/],
    ['a comment', 'hanako(home)@example.com', /signs/],
    ['no local part', '@example.com', /must be an e-mail address/],
    ['an empty quoted local part', '""@example.com', /signs/],
    ['65 characters before the @', `${'a'.repeat(65)}@example.com`, /at most 64/],
    ['no domain', 'hanako@', /must be an e-mail address/],
    ['no dot', 'hanako@localhost', /domain/],
    ['an IP address', 'hanako@192.168.0.1', /domain/],
    ['an IP address in brackets', 'hanako@[192.168.0.1]', /domain/],
    ['a number that is an IP address', 'hanako@3232235521', /domain/],
    ['a port', 'hanako@example.com:25', /domain/],
    ['a path', 'hanako@example.com/x', /domain/],
    ['an escape', 'hanako@ex%61mple.com', /domain/],
    ['an underscore in the domain', 'hanako@ex_ample.com', /domain/],
    ['two dots in the domain', 'hanako@example..com', /domain/],
    ['a dot at the end', 'hanako@example.com.', /domain/],
    ['a lone surrogate', 'hanako@ex\ud800ample.com', /domain/],
    ['a zero-width space in the domain', 'hanako@exa\u200bmple.com', /domain/],
    ['a domain that is too long in ASCII', `hanako@${'語.'.repeat(110)}jp`, /domain/],
    ['nothing', '', /must be an e-mail address/],
  ])('F-26 %s is refused with the reason', (_what, address, reason) => {
    expect(reasonOf(address)?.join('; ')).toMatch(reason);
    expect(reasonOf(address)?.join('; ')).not.toMatch(/Invalid|Too big/);
  });

  test('F-26 one account has one address, quoted or not, in either case and either spelling of the domain', () => {
    const same = ['Hana..Ko@Docomo.NE.JP', '"hana..ko"@docomo.ne.jp', '"HANA..KO"@ｄｏｃｏｍｏ.ne.jp'];
    expect(same.map((address) => SignInEmail.parse(address))).toEqual(Array(3).fill('hana..ko@docomo.ne.jp'));
  });
});
