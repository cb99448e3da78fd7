import { deliverable } from '../contracts/email';
import { serviceUrl } from '../kernel/aws/aws-endpoint';
import { sendSigned } from '../kernel/aws/signed-request';
import { jitteredBackoff, retry } from '../kernel/retry';
import type { Mail } from './mail';

const backoff = { ...jitteredBackoff, attempts: 3, baseMs: 100 };

/** SES was reached and did not take an e-mail. Without its own words, which may hold the customer's address. */
class EmailRefusedError extends Error {
  constructor(
    why: string,
    readonly passing: boolean,
  ) {
    super(`SES did not take the e-mail: ${why}`);
  }
}

const form = (sender: string, { to, subject, text }: Mail): string =>
  new URLSearchParams({
    Action: 'SendEmail',
    Version: '2010-12-01',
    Source: sender,
    'Destination.ToAddresses.member.1': deliverable(to),
    'Message.Subject.Data': subject,
    'Message.Subject.Charset': 'UTF-8',
    'Message.Body.Text.Data': text,
    'Message.Body.Text.Charset': 'UTF-8',
  }).toString();

const refusalOf = (status: number, xml: string): EmailRefusedError => {
  const code = /<Code>([A-Za-z]+)<\/Code>/.exec(xml)?.[1] ?? `status ${status}`;
  return new EmailRefusedError(code, status >= 500 || code === 'Throttling');
};

/** Sends through SES. One that SES is too busy for is asked for again; one that it never answered is not. */
export const emailGateway = (sender: string, post = sendSigned, sleep = backoff.sleep) => {
  const contentType = 'application/x-www-form-urlencoded; charset=utf-8';

  const ask = async (body: string): Promise<string> => {
    const response = await post({ url: serviceUrl('email'), service: 'ses', contentType, body });
    const xml = await response.text();
    if (!response.ok) throw refusalOf(response.status, xml);
    return /<MessageId>([^<]+)</.exec(xml)?.[1] ?? '';
  };

  return {
    /** Answers with the message's ID at SES. */
    send: async (mail: Mail): Promise<string> => {
      const passing = (error: unknown) => error instanceof EmailRefusedError && error.passing;
      try {
        return await retry(() => ask(form(sender, mail)), passing, { ...backoff, sleep });
      } catch (error) {
        if (error instanceof EmailRefusedError) throw error;
        throw new Error(`SES did not answer: ${error instanceof Error ? error.name : 'unknown error'}`);
      }
    },
  };
};

export type EmailGateway = ReturnType<typeof emailGateway>;
