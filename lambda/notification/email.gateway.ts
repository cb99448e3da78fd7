import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import type { Mail } from './order-mail';

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });

/** Sends through SES. */
export const emailGateway = (sender: string, ses = new SESClient({})) => ({
  /** Answers with the message's ID at SES. */
  send: async ({ to, subject, text }: Mail): Promise<string> => {
    try {
      const { MessageId = '' } = await ses.send(
        new SendEmailCommand({
          Source: sender,
          Destination: { ToAddresses: [to] },
          Message: { Subject: utf8(subject), Body: { Text: utf8(text) } },
        }),
      );
      return MessageId;
    } catch (error) {
      // without its message, which may hold the customer's address
      throw new Error(`SES did not take the e-mail: ${error instanceof Error ? error.name : 'unknown error'}`);
    }
  },
});

export type EmailGateway = ReturnType<typeof emailGateway>;
