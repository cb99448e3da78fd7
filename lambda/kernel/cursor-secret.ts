import * as z from 'zod';
import { postSigned } from './signed-request';

/** What a function's variables hold when its construct has used `edge.allowCursors`. */
export const cursorEnv = z.object({
  CURSOR_SECRET_ARN: z.string().min(1), // a local AWS fills in the secret's name
  SECRETS_URL: z.url(),
  SECRETS_REGION: z.string().min(1),
});

const Secret = z.object({ SecretString: z.string().min(1) });

/** The key of all cursors. A function that cannot read it does not start. */
export const cursorSecret = async (env: z.output<typeof cursorEnv>): Promise<string> => {
  const answer = await postSigned({
    url: env.SECRETS_URL,
    service: 'secretsmanager',
    region: env.SECRETS_REGION,
    contentType: 'application/x-amz-json-1.1',
    headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
    body: JSON.stringify({ SecretId: env.CURSOR_SECRET_ARN }),
  });
  if (!answer.ok) throw new Error(`the cursor secret cannot be read: Secrets Manager answered ${answer.status}`);
  return Secret.parse(await answer.json()).SecretString;
};
