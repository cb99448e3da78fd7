import { findMailbox, type Mail } from '../lib/mailbox';
import { escaped, html, type Reader, type Reply, readerOf } from '../lib/page';

const most = 100;

const entryOf = ({ Subject, To, BodyText, SentAt }: Mail): string =>
  `<details><summary>${escaped(Subject)}<small>${escaped([To.join(', '), ...(SentAt === undefined ? [] : [SentAt])].join(' · '))}</small></summary><pre>${escaped(BodyText)}</pre></details>`;

const listOf = (mails: readonly Mail[], { say }: Reader): string => {
  if (mails.length === 0) return `<p>${say({ en: 'No mail has been sent yet.', ja: 'まだメールはありません' })}</p>`;
  const inOrder = mails.toSorted((one, other) => (one.SentAt ?? '').localeCompare(other.SentAt ?? ''));
  const shown = inOrder.slice(-most).reverse();
  const older = mails.length - shown.length;
  const rest = say({ en: `… and ${older} older ones`, ja: `ほかに${older}件（古いもの）` });
  return `${shown.map(entryOf).join('')}${older === 0 ? '' : `<p>${rest}</p>`}`;
};

/** The page of the mails that the local AWS at `endpoint` was given to send, newest first. */
export const mailboxPage =
  (endpoint: string) =>
  async ({ header }: { readonly header: (name: string) => string | undefined }): Promise<Reply> => {
    const reader = readerOf(header('accept-language'));
    const { say, language } = reader;
    const heading = say({ en: 'Mailbox', ja: 'メールボックス' });
    const mailbox = await findMailbox(endpoint).catch(() => undefined);
    const missing = say({
      en: `The local AWS at ${endpoint} has no mailbox that can be read.`,
      ja: `${endpoint} のローカル AWS には読めるメールボックスがありません`,
    });
    const content = mailbox === undefined ? `<p>${escaped(missing)}</p>` : listOf(mailbox.mails, reader);
    return html(heading, `<h1>${heading}</h1>${content}`, { language, wide: true });
  };
