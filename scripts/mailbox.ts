import * as z from 'zod';

const Message = z.object({ MessageId: z.string(), To: z.array(z.string()), Subject: z.string(), BodyText: z.string() });
export type Mail = z.infer<typeof Message>;

const Mailbox = z.object({ messages: z.record(z.string(), z.array(Message)) });

/** The e-mails in the local AWS's mailbox; none when it has none that can be read, as on AWS. */
export const readMails = async (endpoint: string | undefined): Promise<Mail[]> => {
  if (endpoint === undefined) return [];
  const answer = await fetch(`${endpoint}/_ministack/ses/messages`, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) return [];
  const { messages } = Mailbox.parse(await answer.json());
  return Object.values(messages).flat();
};

/** One e-mail in the local AWS's mailbox; nothing when it has none that can be read, as on AWS. */
export const readMail = async (endpoint: string | undefined, messageId: string): Promise<Mail | undefined> =>
  (await readMails(endpoint)).find(({ MessageId }) => MessageId === messageId);
