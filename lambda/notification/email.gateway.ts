import { deliverable } from '../contracts/values/email';
import { serviceUrl } from '../kernel/aws/aws-endpoint';
import { sendSigned } from '../kernel/aws/signed-request';
import { jitteredBackoff, retry } from '../kernel/retry';
import type { Mail } from './mail';

const backoff = { ...jitteredBackoff, attempts: 3, baseMs: 100 };

/** SES rejected an e-mail. The message omits the text from SES, which may contain the customer's address. */
class EmailRefusedError extends Error {
  constructor(
    reason: string,
    readonly isRetryable: boolean,
  ) {
    super(`SES rejected the e-mail: ${reason}`);
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

/** Sends e-mails through SES. Retries when SES is throttling or failing, but not when the response was lost. */
export const emailGateway = (sender: string, post = sendSigned, sleep = backoff.sleep) => {
  const contentType = 'application/x-www-form-urlencoded; charset=utf-8';

  const callSes = async (body: string): Promise<string> => {
    const response = await post({ url: serviceUrl('email'), service: 'ses', contentType, body });
    const xml = await response.text();
    if (!response.ok) throw refusalOf(response.status, xml);
    return /<MessageId>([^<]+)</.exec(xml)?.[1] ?? '';
  };

  return {
    /** Returns the message ID of SES. Throws when SES rejects the e-mail or does not respond. */
    send: async (mail: Mail): Promise<string> => {
      const isRetryable = (error: unknown) => error instanceof EmailRefusedError && error.isRetryable;
      try {
        return await retry(() => callSes(form(sender, mail)), isRetryable, { ...backoff, sleep });
      } catch (error) {
        if (error instanceof EmailRefusedError) throw error;
        throw new Error(`SES did not respond: ${error instanceof Error ? error.name : 'unknown error'}`);
      }
    },
  };
};

export type EmailGateway = ReturnType<typeof emailGateway>;
