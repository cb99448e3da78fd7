import type { ServerFrame } from '../contracts/live-api';
import { connectionsUrl, type SocketStage } from '../kernel/aws-endpoint';
import { jitteredBackoff, retry } from '../kernel/retry';
import { postSigned } from '../kernel/signed-request';

/** What became of a frame: a connection that is gone is told nothing, ever. */
export type Sent = 'sent' | 'gone';

const gone = 410;

/** Sends a frame to one connection. Throws when API Gateway, asked three times, did not take it. */
export const connectionGateway = (api: SocketStage) => ({
  send: (connectionId: string, frame: ServerFrame): Promise<Sent> => {
    const attempt = async (): Promise<Sent> => {
      const response = await postSigned({
        url: `${connectionsUrl(api)}/@connections/${encodeURIComponent(connectionId)}`,
        service: 'execute-api',
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
