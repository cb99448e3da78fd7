import { ClientFrame, type LiveError, maxFrameBytes, type ServerFrame } from '../contracts/api/live-api';
import { OrderId } from '../contracts/values/text';
import { asError } from '../kernel/error';
import type { Credential } from '../kernel/http/ask-authorizer';
import { fieldErrors } from '../kernel/http/input';
import { logger } from '../kernel/logger';
import { isValid } from './connection';
import type { ConnectionGateway } from './connection.gateway';
import { type ConnectionStore, type Counted, windowMs } from './connection.store';
import { ended, type FollowDeps, follow, refuse, unfollow } from './subscribe';

const maxFieldErrors = 20;

const parseJson = (text: string): { json: unknown } | undefined => {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return undefined;
  }
};

/** Returns the order ID in an invalid frame, so that the client knows which request was refused. */
const orderNamedBy = (json: unknown): { orderId?: string } => {
  const named = typeof json === 'object' && json !== null && 'orderId' in json ? json.orderId : undefined;
  const parsed = OrderId.safeParse(named);
  return parsed.success ? { orderId: parsed.data } : {};
};

/** Parses a client's frame, or returns everything that is wrong with it. */
const readFrame = (text: string): { frame: ClientFrame } | { refused: LiveError } => {
  if (Buffer.byteLength(text) > maxFrameBytes)
    return { refused: refuse('PayloadTooLarge', `A frame must not be larger than ${maxFrameBytes} bytes.`) };
  const read = parseJson(text);
  if (read === undefined) return { refused: refuse('MalformedJson', 'The frame is not valid JSON.') };
  const parsed = ClientFrame.safeParse(read.json);
  if (parsed.success) return { frame: parsed.data };
  const errors = fieldErrors(parsed.error.issues, '', maxFieldErrors);
  return { refused: refuse('ValidationFailed', 'The frame has wrong fields.', { ...orderNamedBy(read.json), errors }) };
};

export type FrameDeps = FollowDeps & {
  readonly connections: Pick<ConnectionStore, 'countFrame' | 'subscribe' | 'unsubscribe' | 'close'>;
  readonly gateway: ConnectionGateway;
  /** Whether a connection's credential is still valid. */
  readonly isValidCredential: (credential: Credential) => Promise<boolean>;
  readonly now: () => Date;
};

/** How many frames one connection may send in a window. */
const maxFrames = 30;

// beyond this, not even an error is sent
const maxAnswered = 2 * maxFrames;

const perform = (deps: FrameDeps, { connection }: Counted, frame: ClientFrame): Promise<ServerFrame> => {
  switch (frame.action) {
    case 'subscribe':
      return follow(deps, connection, frame);
    case 'unsubscribe':
      return unfollow(deps, connection, frame);
    case 'ping':
      return Promise.resolve({ type: 'pong' });
  }
};

const tooMany = (now: Date): ServerFrame => {
  const retryAfter = Math.ceil((windowMs - (now.getTime() % windowMs)) / 1000);
  return refuse('TooManyRequests', 'This connection sends too many frames. Wait for the seconds in retryAfter.', {
    retryAfter,
  });
};

/** Handles a frame while the credential is valid. Else removes the connection with all its subscriptions. */
const performIfValid = async (deps: FrameDeps, counted: Counted, frame: ClientFrame): Promise<ServerFrame> => {
  const { credential, connectionId } = counted.connection;
  if (frame.action === 'unsubscribe' || credential === undefined || (await deps.isValidCredential(credential)))
    return perform(deps, counted, frame);
  await deps.connections.close(connectionId);
  return ended;
};

const expired = refuse('InvalidToken', 'The token has expired. Connect again with a new one.');

/** Returns the response to one frame, undefined for a connection that sends far too many. */
const answerTo = async (deps: FrameDeps, connectionId: string, text: string): Promise<ServerFrame | undefined> => {
  const now = deps.now();
  const counted = await deps.connections.countFrame(connectionId, now);
  if (counted !== undefined && counted.frames > maxAnswered) return undefined;
  if (counted === undefined || !isValid(counted.connection, now)) return expired;
  if (counted.frames > maxFrames) return tooMany(now);
  const read = readFrame(text);
  return 'refused' in read ? read.refused : performIfValid(deps, counted, read.frame);
};

const broken = refuse('InternalError', 'The frame could not be handled. Send it again.');

/** Handles one frame of a client. Any frame leaves the connection open as long as its credential is valid. */
export const answerFrame =
  (deps: FrameDeps) =>
  async (connectionId: string, text: string): Promise<void> => {
    const answer = await answerTo(deps, connectionId, text).catch((thrown): ServerFrame => {
      logger.error('frame failed', { connectionId, error: asError(thrown) });
      return broken;
    });
    const problem = answer?.type === 'error' ? answer.problem : undefined;
    logger.info('frame answered', { connectionId, answer: answer?.type ?? 'nothing', problem });
    if (answer !== undefined) await deps.gateway.send(connectionId, answer);
    if (problem === 'InvalidToken') await deps.gateway.disconnect(connectionId);
  };
