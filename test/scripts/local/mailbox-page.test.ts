import { mailboxPage } from '../../../scripts/local/mailbox-page';
import { startFakeAws } from './fake-aws';

const pageOf = async (messages: unknown, accepts?: string): Promise<string> => {
  const body = JSON.stringify({ messages: { '000000000000': messages } });
  const { endpoint, close } = await startFakeAws((asked) =>
    asked === '/_ministack/ses/messages' ? { body } : { status: 404, type: 'application/xml', body: '<Error/>' },
  );
  try {
    return (await mailboxPage(endpoint)({ header: () => accepts })).body;
  } finally {
    await close();
  }
};

const mail = (Subject: string, BodyText: string) => ({
  MessageId: Subject,
  To: ['hanako@example.com'],
  Subject,
  BodyText,
});

test('the mailbox shows mails as mails, the newest first', async () => {
  const page = await pageOf([mail('First', 'Thank you.\nYour shop'), mail('Second', 'It is on its way.')]);
  expect(page).toContain('<summary>First<small>hanako@example.com</small></summary><pre>Thank you.\nYour shop</pre>');
  expect(page.indexOf('Second')).toBeLessThan(page.indexOf('First'));
});

test('what a mail says is text, whatever it holds', async () => {
  const page = await pageOf([mail('<script>1</script>', '<img src=x onerror=alert(1)>')]);
  expect(page).toContain('&lt;script&gt;1&lt;/script&gt;');
  expect(page).not.toContain('<img');
});

test('an empty mailbox, and none, say so in the reader’s language', async () => {
  expect(await pageOf([])).toContain('No mail has been sent yet.');
  expect(await pageOf([], 'ja')).toContain('まだメールはありません');
  const { body, status } = await mailboxPage('http://127.0.0.1:9')({ header: () => undefined });
  expect([status, body.includes('has no mailbox that can be read')]).toEqual([200, true]);
});
