import * as z from 'zod';
import { readSecret } from './secret';

/** What a function's variables hold when its construct has used `edge.allowCursors`. */
export const cursorEnv = z.object({
  CURSOR_SECRET_ARN: z.string().min(1), // a local AWS fills in the secret's name
  SECRETS_URL: z.url(),
  SECRETS_REGION: z.string().min(1),
});

/** The key of all cursors. A function that cannot read it does not start. */
export const cursorSecret = (env: z.output<typeof cursorEnv>): Promise<string> =>
  readSecret({ arn: env.CURSOR_SECRET_ARN, url: env.SECRETS_URL, region: env.SECRETS_REGION });
