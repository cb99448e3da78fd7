import { chosenEndpoint } from '../../local/emulator/endpoint';
import { recognise } from '../../local/emulator/recognition';
import { CommandError } from '../command';

/** Whether a call has failed because nothing answers. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof Error &&
  (/ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ECONNRESET|TimeoutError|socket hang up/.test(
    `${error.name} ${error.message}`,
  ) ||
    ('code' in error && /^(ECONN|ENOT|EHOST|ETIMEDOUT)/.test(String(error.code))));

/** Returns the error that a call has failed with or, where the endpoint is to blame, what is wrong with that. */
export const blameEndpoint = async (
  error: unknown,
  endpoint: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<unknown> => {
  if (endpoint === undefined || !(error instanceof Error)) return error;
  const place = chosenEndpoint(env) === endpoint ? `AWS_ENDPOINT_URL=${endpoint}` : endpoint;
  if (/EPROTO|SSL routines/.test(error.message))
    return new CommandError(`${place} speaks no https; try ${endpoint.replace(/^https/i, 'http')}.`);
  const { kind } = await recognise(endpoint);
  return kind === 'other program' ? new CommandError(`${place}: what answers there is no local AWS.`) : error;
};
