import * as z from 'zod';
import { postSigned } from './signed-request';

/** What a function's variables hold when its construct has used `edge.allowCursors`. */
export const cursorEnv = z.object({ CURSOR_SECRET_ARN: z.string().startsWith('arn:'), SECRETS_URL: z.url() });

const Secret = z.object({ SecretString: z.string().min(1) });

/** The key of all cursors. A function that cannot read it does not start. */
export const cursorSecret = async ({ CURSOR_SECRET_ARN, SECRETS_URL }: z.output<typeof cursorEnv>): Promise<string> => {
  const answer = await postSigned({
    url: SECRETS_URL,
    service: 'secretsmanager',
    region: CURSOR_SECRET_ARN.split(':')[3] ?? '',
    contentType: 'application/x-amz-json-1.1',
    headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
    body: JSON.stringify({ SecretId: CURSOR_SECRET_ARN }),
  });
  if (!answer.ok) throw new Error(`the cursor secret cannot be read: Secrets Manager answered ${answer.status}`);
  return Secret.parse(await answer.json()).SecretString;
};
