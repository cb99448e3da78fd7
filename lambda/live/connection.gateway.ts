import type { ServerFrame } from '../contracts/api/live-api';
import { type DescribeOrder, OrderDescribed } from '../contracts/calls/order-calls';
import { connectionsUrl, type SocketStage } from '../kernel/aws/aws-endpoint';
import { sendSigned } from '../kernel/aws/signed-request';
import { jitteredBackoff, retry } from '../kernel/retry';
import type { Tenant } from '../kernel/tenant';

/** The result of a send: `gone` when the connection is closed for good. */
export type Sent = 'sent' | 'gone';

const gone = 410;
const backoff = { ...jitteredBackoff, attempts: 3, baseMs: 50 };

const connectionUrl = (api: SocketStage, connectionId: string): string =>
  `${connectionsUrl(api)}/@connections/${encodeURIComponent(connectionId)}`;

/** Sends to connections and closes them through API Gateway. Throws after three failed attempts. */
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
      await response.arrayBuffer(); // frees the socket for the next request
      if (response.status === gone) return 'gone';
      if (!response.ok) throw new Error(`API Gateway did not send the frame: status ${response.status}`);
      return 'sent';
    };
    return retry(attempt, () => true, backoff);
  },

  /** Closes one connection. Does nothing when it is already gone. */
  disconnect: (connectionId: string): Promise<void> => {
    const attempt = async (): Promise<void> => {
      const response = await sendSigned({
        method: 'DELETE',
        url: connectionUrl(api, connectionId),
        service: 'execute-api',
      });
      await response.arrayBuffer();
      if (!response.ok && response.status !== gone)
        throw new Error(`API Gateway did not close the connection: status ${response.status}`);
    };
    return retry(attempt, () => true, backoff);
  },
});

export type ConnectionGateway = ReturnType<typeof connectionGateway>;

/** Queries the order service. Returns the current state of the tenant's order, undefined when it does not exist. */
export const orderGateway =
  (query: (input: DescribeOrder) => Promise<unknown>) =>
  async (tenant: Tenant, orderId: string): Promise<OrderDescribed['order']> => {
    const { order } = OrderDescribed.parse(await query({ ask: 'describe-order', tenantId: tenant, orderId }));
    return order;
  };

export type FindOrder = ReturnType<typeof orderGateway>;
