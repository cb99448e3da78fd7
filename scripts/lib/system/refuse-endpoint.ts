import { UsageError } from '../command';

/**
 * Throws when any AWS_ENDPOINT_URL is set: one for a single service alone would lead half of what goes to AWS astray.
 * `why` says what goes there: "this command deploys to AWS".
 */
export const refuseEndpoint = (env: Readonly<Record<string, string | undefined>>, why: string): void => {
  const name = Object.keys(env).find((one) => one.startsWith('AWS_ENDPOINT_URL') && env[one]);
  if (name === undefined) return;
  throw new UsageError(
    `${name} leads to ${env[name]}, and ${why}: unset it. ` +
      'To a local AWS deploy by "npm start" or "npx cdklocal deploy".',
  );
};
