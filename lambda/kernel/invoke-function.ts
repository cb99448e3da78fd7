import { serviceUrl } from './aws-endpoint';
import { sendSigned } from './signed-request';

/** Invokes a function and returns what it answered, which the caller must parse. */
export type Invoke = (payload: unknown) => Promise<unknown>;

/**
 * Invokes the function of this name and waits for its answer. Throws when it cannot be reached, fails, or does not answer
 * in time. A signed request, since the SDK's client would add 84 KB to what is loaded.
 */
export const invokeFunction =
  (name: string, timeoutMs?: number): Invoke =>
  async (payload) => {
    const response = await sendSigned({
      url: `${serviceUrl('lambda')}/2015-03-31/functions/${name}/invocations`,
      service: 'lambda',
      contentType: 'application/json',
      body: JSON.stringify(payload),
      timeoutMs,
    });
    if (!response.ok || response.headers.has('x-amz-function-error'))
      throw new Error(`the function ${name} failed with ${response.status}`);
    return response.json();
  };
