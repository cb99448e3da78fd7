import type { SignedRequest } from '../../lambda/kernel/aws/signed-request';
import { emailGateway } from '../../lambda/notification/email.gateway';

const mail = { to: 'taro@example.com', subject: 'ご注文（ORD-000001）', text: '小計: ￥6,000\n100% & more' };

const accepted = `<SendEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><SendEmailResult>
  <MessageId>0100-1</MessageId></SendEmailResult></SendEmailResponse>`;
const refusal = (code: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code>
  <Message>Email address is not verified: taro@example.com</Message></Error></ErrorResponse>`;

const setUp = (...answers: readonly (readonly [status: number, xml: string])[]) => {
  const posted: SignedRequest[] = [];
  const post = async (request: SignedRequest) => {
    const [status, xml] = answers[posted.push(request) - 1] ?? [200, accepted];
    return new Response(xml, { status });
  };
  const { send } = emailGateway('shop@example.com', post, async () => undefined);
  return { send, posted };
};

test('S0-30 SES is asked by its query API for a plain-text e-mail, and names the message', async () => {
  const { send, posted } = setUp();
  expect(await send(mail)).toBe('0100-1');
  const [{ body = '', ...request } = {}] = posted;
  expect(request).toEqual({
    url: 'https://email.us-east-1.amazonaws.com',
    service: 'ses',
    contentType: 'application/x-www-form-urlencoded; charset=utf-8',
  });
  expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
    Action: 'SendEmail',
    Version: '2010-12-01',
    Source: 'shop@example.com',
    'Destination.ToAddresses.member.1': 'taro@example.com',
    'Message.Subject.Data': 'ご注文（ORD-000001）',
    'Message.Subject.Charset': 'UTF-8',
    'Message.Body.Text.Data': '小計: ￥6,000\n100% & more',
    'Message.Body.Text.Charset': 'UTF-8',
  });
});

test.each([
  ['MessageRejected', 'MessageRejected'],
  ['Rejected taro@example.com', 'status 400'],
])('P14 an error of SES is told without its text, which may hold the customer’s address: %s', async (code, told) => {
  const { send, posted } = setUp([400, refusal(code)]);
  const error = await send(mail).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ message: `SES rejected the e-mail: ${told}` });
  expect(error).not.toHaveProperty('cause');
  expect(posted).toHaveLength(1);
});

test('SES is asked again, three times in all, when it sends too fast or is down', async () => {
  const down = setUp([400, refusal('Throttling')], [503, refusal('ServiceUnavailable')]);
  expect(await down.send(mail)).toBe('0100-1');
  const busy = setUp(...Array.from({ length: 9 }, () => [400, refusal('Throttling')] as const));
  await expect(busy.send(mail)).rejects.toThrow(/^SES rejected the e-mail: Throttling$/);
  expect([down.posted.length, busy.posted.length]).toEqual([3, 3]);
});

test('P14 no answer of SES is an error without its text, and is not asked for again: the e-mail may be on its way', async () => {
  const post = jest.fn(() => Promise.reject(new TypeError('no answer for taro@example.com')));
  const { send } = emailGateway('shop@example.com', post);
  await expect(send(mail)).rejects.toThrow(/^SES did not respond: TypeError$/);
  expect(post).toHaveBeenCalledTimes(1);
});

test.each([
  ['hana..ko@docomo.ne.jp', '"hana..ko"@docomo.ne.jp'],
  ['hanako.@ezweb.ne.jp', '"hanako."@ezweb.ne.jp'],
  ['hana/ko=1!@docomo.ne.jp', 'hana/ko=1!@docomo.ne.jp'],
  ['taro@日本語.jp', 'taro@xn--wgv71a119e.jp'],
])('F-26 a mail to %s is addressed to %s', async (to, addressed) => {
  const { send, posted } = setUp();
  await send({ ...mail, to });
  expect(new URLSearchParams(posted[0]?.body).get('Destination.ToAddresses.member.1')).toBe(addressed);
});
