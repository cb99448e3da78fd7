import type { ServerFrame } from '../contracts/live-api';
import { type DescribeOrder, OrderDescribed } from '../contracts/order-calls';
import { connectionsUrl, type SocketStage } from '../kernel/aws/aws-endpoint';
import { sendSigned } from '../kernel/aws/signed-request';
import { jitteredBackoff, retry } from '../kernel/retry';
import type { Tenant } from '../kernel/tenant';

/** What became of a frame: a connection that is gone is told nothing, ever. */
export type Sent = 'sent' | 'gone';

const gone = 410;
const threeTimes = { ...jitteredBackoff, attempts: 3, baseMs: 50 };

const connectionUrl = (api: SocketStage, connectionId: string): string =>
  `${connectionsUrl(api)}/@connections/${encodeURIComponent(connectionId)}`;

/** Asks API Gateway about one connection. Throws when, asked three times, it did not do it. */
export const connectionGateway = (api: SocketStage) => ({
  /** Sends a frame to one connection. */
  send: (connectionId: string, frame: ServerFrame): Promise<Sent> => {
    const attempt = async (): Promise<Sent> => {
      const response = await sendSigned({
        url: connectionUrl(api, connectionId),
        service: 'execute-api',
        contentType: 'application/json',
        body: JSON.stringify(frame),
      });
      await response.arrayBuffer(); // else its socket would not be used again
      if (response.status === gone) return 'gone';
      if (!response.ok) throw new Error(`API Gateway took no frame: ${response.status}`);
      return 'sent';
    };
    return retry(attempt, () => true, threeTimes);
  },

  /** Closes one connection, whatever was sent to it before. One that is gone is closed. */
  disconnect: (connectionId: string): Promise<void> => {
    const attempt = async (): Promise<void> => {
      const response = await sendSigned({
        method: 'DELETE',
        url: connectionUrl(api, connectionId),
        service: 'execute-api',
      });
      await response.arrayBuffer();
      if (!response.ok && response.status !== gone)
        throw new Error(`API Gateway closed no connection: ${response.status}`);
    };
    return retry(attempt, () => true, threeTimes);
  },
});

export type ConnectionGateway = ReturnType<typeof connectionGateway>;

/** Asks the order service what an order of the tenant is at this moment; nothing when there is none. */
export const orderGateway =
  (ask: (question: DescribeOrder) => Promise<unknown>) =>
  async (tenant: Tenant, orderId: string): Promise<OrderDescribed['order']> => {
    const { order } = OrderDescribed.parse(await ask({ ask: 'describe-order', tenantId: tenant, orderId }));
    return order;
  };

export type FindOrder = ReturnType<typeof orderGateway>;
