import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';

/** What a function's variables hold when its construct has used `edge.allowCursors`. */
export const cursorEnv = z.object({ CURSOR_SECRET_ARN: z.string().min(1) });

/** The key of all cursors. A function that cannot read it does not start. */
export const cursorSecret = async (
  { CURSOR_SECRET_ARN }: z.output<typeof cursorEnv>,
  secrets = new SecretsManagerClient({}),
): Promise<string> => {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: CURSOR_SECRET_ARN }));
  if (!SecretString) throw new Error('the cursor secret is empty');
  return SecretString;
};
