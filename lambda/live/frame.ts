import { ClientFrame, type LiveError, maxFrameBytes } from '../contracts/live-api';
import { OrderId } from '../contracts/text';
import { fieldErrors } from '../kernel/error-list';
import { refuse } from './follow';

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
