import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { asError } from '../kernel/as-error';
import { logger } from '../kernel/logger';
import { answerFrame, type FrameDeps } from './answer-frame';
import { type ConnectDeps, connect, type Handshake } from './connect';
import type { ConnectionStore } from './connection.store';

export type ServeDeps = ConnectDeps & FrameDeps & { readonly connections: Pick<ConnectionStore, 'open' | 'close'> };

/** What API Gateway hands over of a connection: a handshake has headers and a query, which the types leave out. */
export type ConnectionEvent = Pick<APIGatewayProxyWebsocketEventV2, 'body' | 'isBase64Encoded'> & {
  readonly requestContext: Pick<APIGatewayProxyWebsocketEventV2['requestContext'], 'connectionId' | 'eventType'> & {
    readonly identity?: { readonly sourceIp?: string };
  };
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>> | null;
};

const lowerCase = (headers: ConnectionEvent['headers']) =>
  Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));

const handshakeOf = ({ requestContext, headers, queryStringParameters }: ConnectionEvent): Handshake => ({
  connectionId: requestContext.connectionId,
  headers: lowerCase(headers),
  query: queryStringParameters ?? {},
  sourceIp: requestContext.identity?.sourceIp ?? 'unknown',
});

const textOf = ({ body = '', isBase64Encoded }: ConnectionEvent): string =>
  isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;

/** Answers API Gateway for every connection: its handshake, its frames and its end. It never throws. */
export const serveConnections = (deps: ServeDeps) => {
  const open = connect(deps);
  const answer = answerFrame(deps);

  const handle = async (event: ConnectionEvent): Promise<number> => {
    const { connectionId, eventType } = event.requestContext;
    if (eventType === 'CONNECT') {
      const status = await open(handshakeOf(event));
      logger.info('handshake answered', { connectionId, status });
      return status;
    }
    if (eventType === 'DISCONNECT') {
      await deps.connections.close(connectionId);
      logger.info('connection closed', { connectionId });
    } else await answer(connectionId, textOf(event));
    return 200;
  };

  return async (event: ConnectionEvent): Promise<{ statusCode: number }> => {
    const { connectionId, eventType } = event.requestContext;
    try {
      return { statusCode: await handle(event) };
    } catch (thrown) {
      logger.error('connection event failed', { connectionId, eventType, error: asError(thrown) });
      return { statusCode: 500 };
    }
  };
};
