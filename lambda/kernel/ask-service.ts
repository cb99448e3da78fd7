import { postSigned } from './signed-request';

/** Where Lambda invokes a function: `https://lambda.<region>.amazonaws.com/2015-03-31/functions/<name>/invocations`. */
export type ServiceAddress = { readonly url: string; readonly region: string };

/** Asks another service's read function and waits for its answer, which the caller must parse. Throws when it fails. */
export const askService =
  ({ url, region }: ServiceAddress) =>
  async (question: unknown): Promise<unknown> => {
    const body = JSON.stringify(question);
    const response = await postSigned({ url, service: 'lambda', region, contentType: 'application/json', body });
    if (!response.ok || response.headers.has('x-amz-function-error'))
      throw new Error(`the service failed with ${response.status}`);
    return response.json();
  };
