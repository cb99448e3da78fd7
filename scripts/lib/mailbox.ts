import * as z from 'zod';

export type Mail = {
  readonly MessageId: string;
  readonly To: readonly string[];
  readonly Subject: string;
  readonly BodyText: string;
  /** When it was sent, where the mailbox says so. */
  readonly SentAt?: string;
};

const MiniStackMail = z.object({
  MessageId: z.string(),
  To: z.array(z.string()),
  Subject: z.string(),
  BodyText: z.string(),
  Timestamp: z.number().optional(), // in seconds
});
const MiniStackMailbox = z.object({ messages: z.record(z.string(), z.array(MiniStackMail)) });

const LocalStackMail = z.object({
  Id: z.string(),
  Destination: z.object({ ToAddresses: z.array(z.string()).default([]) }),
  Subject: z.string().default(''),
  Body: z.object({ text_part: z.string().nullish() }).default({}),
  Timestamp: z.string().optional(),
});
const LocalStackMailbox = z.object({ messages: z.array(LocalStackMail) });

/** Where a local AWS keeps the e-mails that it was given to send, and how to read them. */
const mailboxes: readonly { readonly path: string; readonly mailsOf: (answer: unknown) => Mail[] }[] = [
  {
    path: '/_ministack/ses/messages',
    mailsOf: (answer) =>
      Object.values(MiniStackMailbox.parse(answer).messages)
        .flat()
        .map(({ Timestamp, ...mail }) => ({
          ...mail,
          ...(Timestamp === undefined ? {} : { SentAt: new Date(Timestamp * 1000).toISOString() }),
        })),
  },
  {
    path: '/_aws/ses',
    mailsOf: (answer) =>
      LocalStackMailbox.parse(answer).messages.map(({ Id, Destination, Subject, Body, Timestamp }) => ({
        MessageId: Id,
        To: Destination.ToAddresses,
        Subject,
        BodyText: Body.text_part ?? '',
        ...(Timestamp === undefined ? {} : { SentAt: Timestamp }),
      })),
  },
];

const jsonOf = async (response: Response): Promise<unknown> => {
  try {
    return await response.json();
  } catch {
    return undefined; // a page of something else
  }
};

/** The address of the mailbox that the local AWS has, with its mails. `undefined` when it has none that is known. */
export const findMailbox = async (endpoint: string): Promise<{ url: string; mails: Mail[] } | undefined> => {
  for (const { path, mailsOf } of mailboxes) {
    const url = `${endpoint}${path}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    const answer = response.ok ? await jsonOf(response) : undefined;
    if (answer !== undefined) return { url, mails: mailsOf(answer) };
  }
  return undefined;
};

/** Returns the e-mails of the local AWS's mailbox. Empty when it has none that can be read, as on AWS. */
export const readMails = async (endpoint: string | undefined): Promise<Mail[]> =>
  endpoint === undefined ? [] : ((await findMailbox(endpoint))?.mails ?? []);

/** Returns one e-mail of the local AWS's mailbox, or undefined when it has none that can be read, as on AWS. */
export const readMail = async (endpoint: string | undefined, messageId: string): Promise<Mail | undefined> =>
  (await readMails(endpoint)).find(({ MessageId }) => MessageId === messageId);
