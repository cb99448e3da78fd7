import { readMail, readMails } from '../../../scripts/lib/mailbox';
import { startFakeAws } from '../local/fake-aws';

const mail = { MessageId: 'm-1', To: ['hanako@example.com'], Subject: 'ご注文', BodyText: 'ありがとうございます' };

const mailsAt = async (path: string, body: unknown) => {
  const { endpoint, close } = await startFakeAws((asked) =>
    asked === path ? { body: JSON.stringify(body) } : { status: 404, type: 'application/xml', body: '<Error/>' },
  );
  try {
    return await readMails(endpoint);
  } finally {
    await close();
  }
};

test('P20 mails are read where MiniStack keeps them', async () => {
  const messages = { '000000000000': [{ ...mail, Source: 'orders@example.com', Timestamp: 1_796_043_272.5 }] };
  expect(await mailsAt('/_ministack/ses/messages', { messages })).toEqual([
    { ...mail, SentAt: '2026-11-30T12:54:32.500Z' },
  ]);
});

test('P20 mails are read where LocalStack keeps them', async () => {
  const messages = [
    {
      Id: 'm-1',
      Region: 'us-east-1',
      Destination: { ToAddresses: ['hanako@example.com'] },
      Source: 'orders@example.com',
      Subject: 'ご注文',
      Body: { text_part: 'ありがとうございます', html_part: null },
      Timestamp: '2026-11-30T00:00:00',
    },
  ];
  expect(await mailsAt('/_aws/ses', { messages })).toEqual([{ ...mail, SentAt: '2026-11-30T00:00:00' }]);
});

test('a local AWS without a mailbox, and AWS, have no mails to read', async () => {
  expect(await mailsAt('/nowhere', {})).toEqual([]);
  expect(await readMail(undefined, 'm-1')).toBeUndefined();
});
