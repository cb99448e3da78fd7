import type { ServerFrame } from '../contracts/live-api';
import { jitteredBackoff, retry } from '../kernel/retry';
import { postSigned } from '../kernel/signed-request';

/** Where API Gateway takes what is sent to connections: `https://<api>.execute-api.<region>.amazonaws.com/<stage>`. */
export type ConnectionsAddress = { readonly url: string; readonly region: string };

/** What became of a frame: a connection that is gone is told nothing, ever. */
export type Sent = 'sent' | 'gone';

const gone = 410;

/** Sends a frame to one connection. Throws when API Gateway, asked three times, did not take it. */
export const connectionGateway = ({ url, region }: ConnectionsAddress) => ({
  send: (connectionId: string, frame: ServerFrame): Promise<Sent> => {
    const attempt = async (): Promise<Sent> => {
      const response = await postSigned({
        url: `${url}/@connections/${encodeURIComponent(connectionId)}`,
        service: 'execute-api',
        region,
        contentType: 'application/json',
        body: JSON.stringify(frame),
      });
      await response.arrayBuffer(); // else its socket would not be used again
      if (response.status === gone) return 'gone';
      if (!response.ok) throw new Error(`API Gateway took no frame: ${response.status}`);
      return 'sent';
    };
    return retry(attempt, () => true, { ...jitteredBackoff, attempts: 3, baseMs: 50 });
  },
});

export type ConnectionGateway = ReturnType<typeof connectionGateway>;
