import type { SESClient } from '@aws-sdk/client-ses';
import { emailGateway } from '../../lambda/notification/email.gateway';

test('P14 an error of SES is told without its text, which may hold the customer’s address', async () => {
  const send = async () => {
    throw Object.assign(new Error('Address is not verified: taro@example.com'), { name: 'MessageRejected' });
  };
  const { send: mail } = emailGateway('shop@example.com', { send } as unknown as SESClient);
  await expect(mail({ to: 'taro@example.com', subject: 's', text: 't' })).rejects.toThrow(
    /^SES did not take the e-mail: MessageRejected$/,
  );
});
