import { ClientFrame, type LiveError, maxFrameBytes, type ServerFrame } from '../contracts/live-api';
import { OrderId } from '../contracts/text';
import type { Credential } from '../kernel/http/ask-authorizer';
import { asError } from '../kernel/http/http';
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

/** The order that a wrong frame names all the same, so that its sender can tell which one was refused. */
const orderNamedBy = (json: unknown): { orderId?: string } => {
  const named = typeof json === 'object' && json !== null && 'orderId' in json ? json.orderId : undefined;
  const parsed = OrderId.safeParse(named);
  return parsed.success ? { orderId: parsed.data } : {};
};

/** What a client asks, or all that is wrong with its frame. */
export const readFrame = (text: string): { frame: ClientFrame } | { refused: LiveError } => {
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
  /** Whether what a connection was opened with is good yet. */
  readonly stands: (credential: Credential) => Promise<boolean>;
  readonly now: () => Date;
};

/** How many frames one connection may send in a window. */
export const maxFrames = 30;

// whoever goes on all the same is not even told so any more
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
  return refuse('TooManyRequests', 'This connection sends too many frames.', { retryAfter });
};

/** Whoever is let in no more follows nothing from now on. */
const performIfGood = async (deps: FrameDeps, counted: Counted, frame: ClientFrame): Promise<ServerFrame> => {
  const { credential, connectionId } = counted.connection;
  if (frame.action === 'unsubscribe' || credential === undefined || (await deps.stands(credential)))
    return perform(deps, counted, frame);
  await deps.connections.close(connectionId);
  return ended;
};

const expired = refuse('InvalidToken', 'The token has expired. Connect again with a new one.');

/** The answer to one frame; nothing for who sends far too many. */
const answerTo = async (deps: FrameDeps, connectionId: string, text: string): Promise<ServerFrame | undefined> => {
  const now = deps.now();
  const counted = await deps.connections.countFrame(connectionId, now);
  if (counted !== undefined && counted.frames > maxAnswered) return undefined;
  if (counted === undefined || !isValid(counted.connection, now)) return expired;
  if (counted.frames > maxFrames) return tooMany(now);
  const read = readFrame(text);
  return 'refused' in read ? read.refused : performIfGood(deps, counted, read.frame);
};

const broken = refuse('InternalError', 'The frame could not be handled. Send it again.');

/** Answers one frame of a client. The connection stays open, whatever the frame is, as long as its credential is good. */
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
